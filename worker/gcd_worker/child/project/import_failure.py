"""What an exception that importing the project raised means; for a missing module, which package or file to add."""
import linecache
import os
import re
import sys

from ... import FOLDER
from ...protocol.invalid import Invalid, bad_syntax
from ...protocol.messages import with_project_paths
from ..exception_text import PROJECT_PACKAGE, text_of, trimmed_traceback, type_of

# Packages by the name of their module, where the names differ; the longest matching name counts.
_distributions = {
    'attr': 'attrs',
    'bs4': 'beautifulsoup4',
    'Crypto': 'pycryptodome',
    'cv2': 'opencv-python-headless',
    'dateutil': 'python-dateutil',
    'docx': 'python-docx',
    'dotenv': 'python-dotenv',
    'fitz': 'PyMuPDF',
    'git': 'GitPython',
    'google.cloud.bigquery': 'google-cloud-bigquery',
    'google.cloud.storage': 'google-cloud-storage',
    'google.protobuf': 'protobuf',
    'googleapiclient': 'google-api-python-client',
    'jwt': 'PyJWT',
    'mosek': 'Mosek',
    'mpl_toolkits': 'matplotlib',
    'OpenSSL': 'pyOpenSSL',
    'osgeo': 'GDAL',
    'pil': 'Pillow',
    'PIL': 'Pillow',
    'psycopg2': 'psycopg2-binary',
    'pywt': 'PyWavelets',
    'ruamel.yaml': 'ruamel.yaml',
    'serial': 'pyserial',
    'skimage': 'scikit-image',
    'sklearn': 'scikit-learn',
    'solardatatools': 'solar-data-tools',
    'statistical_clear_sky': 'statistical-clear-sky',
    'umap': 'umap-learn',
    'yaml': 'PyYAML',
    'zmq': 'pyzmq',
}
# Well-known packages with the name of their module: nobody has a file with that name.
_same_names = frozenset(
    'aiohttp altair arch astropy bokeh boto3 botocore bottleneck cartopy cdsapi cftime clarabel click cloudpickle '
    'cupy cvxpy cython dask distributed duckdb ephem fastparquet filelock fiona flask fsspec gcsfs geopandas gurobipy '
    'h5netcdf h5py highspy httpx humanize imageio jax jinja2 joblib jsonschema keras lightgbm llvmlite loguru lxml '
    'matplotlib metpy mpmath netCDF4 networkx numba numexpr numpy numpyro openpyxl orjson osqp pandas paramiko pint '
    'plotly polars prophet psutil pvanalytics pvlib pyarrow pydantic pymc pymongo pyomo pyproj pysam pytest pytz rasterio '
    'rdtools requests rich s3fs scipy scs seaborn shapely simpy smart_open sqlalchemy statsmodels sympy tables tensorflow '
    'threadpoolctl torch torchvision tqdm tzlocal urllib3 xarray xgboost xlrd xlsxwriter zarr'.split()
)
# At most so many entries of the project are searched for a file of the same name.
MAX_ENTRIES = 5000


def from_import(error, project):
    """The Invalid for an exception that importing the project raised."""
    if isinstance(error, Invalid):
        return error
    if isinstance(error, SyntaxError):
        return bad_syntax(error)
    if isinstance(error, ModuleNotFoundError) and error.name:
        return _missing_module(error, project)
    if isinstance(error, SystemExit):
        return Invalid(
            'import-failed',
            'Importing entrypoint.py called sys.exit(%s).\n%s' % (text_of(error), trimmed_traceback(error).rstrip()),
            'Code that runs on import must not end the process: put it under `if __name__ == "__main__":`.',
        )
    return Invalid(
        'import-failed',
        'Importing entrypoint.py failed with %s.\n%s' % (type_of(error), trimmed_traceback(error).rstrip()),
    )


def _missing_module(error, project):
    where = trimmed_traceback(error).rstrip()
    package, _, local = error.name.partition('.')
    if package == PROJECT_PACKAGE:
        return Invalid(
            'missing-module',
            'The project imports its own module `%s`, which is not in %s.\n%s' % (local, with_project_paths(project + '/')[:-1], where),
            'Add %s.py to the folder, or correct its name.' % local.replace('.', '/'),
        )
    return Invalid('missing-module', *_missing_package(error, project))


def _missing_package(error, project):
    """(message, hint) for a ModuleNotFoundError of a module that is not named as one of the project."""
    name = error.name
    package = name.partition('.')[0]
    where = trimmed_traceback(error).rstrip()
    asked_by, line = _last_frame(error)
    if name != package and package in sys.modules:
        has = 'The project imports `%s`, which is not there: the package `%s` is, without it.' % (name, package)
        known = _distribution(name)
        if known is None:
            return '%s\n%s' % (has, where), 'Correct the name, or ask for another version of the package in requirements.txt.'
        return '%s\n%s' % (has, where), 'Add this line to requirements.txt: %s' % known
    message = 'The project imports `%s`, which is not installed.\n%s' % (name, where)
    known = _distribution(*_imported(line, name))
    if known is not None:
        return message, 'Add this line to requirements.txt: %s' % known
    if asked_by and not asked_by.startswith(project + os.sep):
        hint = '`%s` is imported by a package, not by the project: that package lacks one that it needs. Its maker says which.'
        return message, hint % package
    return message, _of_the_project_or_a_package(package, project)


def _of_the_project_or_a_package(package, project):
    shown_path = with_project_paths(project + os.sep)[:-1]
    own = 'If `%s` is a file of the project, it is missing: there is no %s.py and no folder %s in %s.' % (package, package, package, shown_path)
    elsewhere = _same_name_below(package, project)
    if elsewhere:
        own += ' There is %s: import it as it lies there, or move it.' % ' and '.join(elsewhere)
    return (
        '%s If it is a package, write the name by which pip knows it into requirements.txt; see that it is the right one, '
        'since names of modules and of packages may differ.' % own
    )


def _distribution(*names):
    """The package of the first of these modules whose package is known."""
    for name in names:
        parts = name.split('.')
        for count in range(len(parts), 0, -1):
            known = _distributions.get('.'.join(parts[:count]))
            if known:
                return known
        if parts[0] in _same_names:
            return parts[0]
    return None


def _imported(line, name):
    """Full names of the modules that a line of code may mean by `name`, and `name` itself."""
    package = re.escape(name.partition('.')[0])
    for base, rest in re.findall(r'\bfrom\s+(%s(?:\.\w+)*)\s+import\s+\(?([\w\s,]+)' % package, line):
        for word in re.findall(r'\w+', rest):
            yield '%s.%s' % (base, word)
    for found in re.findall(r'\b%s(?:\.\w+)*' % package, line):
        yield found
    yield name


def _last_frame(error):
    """(file that imports the module, its line of code); two empty texts without one."""
    frames = BaseException.__traceback__.__get__(error)
    found = '', ''
    while frames is not None:
        code = frames.tb_frame.f_code
        if not code.co_filename.startswith('<'):
            found = code.co_filename, linecache.getline(code.co_filename, frames.tb_lineno)
        frames = frames.tb_next
    return ('', '') if found[0].startswith(FOLDER + os.sep) else found


def _same_name_below(package, project):
    """Up to three paths below the project that may be meant: in another folder, or with other capitals."""
    wanted = {package.lower(), package.lower() + '.py'}
    found = []
    seen = 0
    for folder, folders, files in os.walk(project):
        folders[:] = sorted(name for name in folders if not name.startswith(('.', '__')))
        seen += len(folders) + len(files)
        with_code = [name for name in folders if name.lower() in wanted and _has_python(os.path.join(folder, name))]
        for name in with_code + sorted(name for name in files if name.lower() in wanted):
            found.append(os.path.relpath(os.path.join(folder, name), project))
        if len(found) >= 3 or seen > MAX_ENTRIES:
            break
    return found[:3]


def _has_python(folder):
    try:
        return any(name.endswith('.py') for name in os.listdir(folder))
    except OSError:
        return False
