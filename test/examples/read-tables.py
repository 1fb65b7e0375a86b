"""Reads tables as gcd-sfn tells pandas to: a line of JSON for each, with columns, the first row, how many, and types of columns."""
import json
import sys
import warnings

import pandas as pd

warnings.simplefilter('ignore')
for line in sys.stdin:
    file, table = json.loads(line)
    try:
        frame = pd.read_csv(file, **table)
        first = [str(value) for value in frame.iloc[0]] if len(frame) else None
        told = {'columns': list(frame.columns), 'first': first, 'rows': len(frame), 'types': [str(kind) for kind in frame.dtypes]}
    except Exception as error:
        told = {'error': '%s: %s' % (type(error).__name__, error)}
    print(json.dumps(told))
