"""Writing files."""
import os


def write_atomically(path, data):
    """Writes the bytes to the file, completely or not at all."""
    with open(path + '.writing', 'wb') as file:
        file.write(data)
    os.replace(path + '.writing', path)
