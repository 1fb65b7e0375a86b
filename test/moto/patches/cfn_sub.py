"""Fn::Sub puts in values of its map first, whatever their names, then attributes and references; `${!Name}` is `${Name}`.

moto loses `$$` and refuses names in the map that begin with a digit.
"""
import re

from moto.cloudformation import parsing

clean_json = parsing.clean_json


def substituted(value, resources):
    if not isinstance(value, dict) or set(value) != {"Fn::Sub"}:
        return clean_json(value, resources)
    given = value["Fn::Sub"]
    text, names = given if isinstance(given, list) else (given, {})

    def one(match):
        name = match[1]
        if name.startswith("!"):
            return f"${{{name[1:]}}}"
        if name in names:
            found = names[name]
        else:
            found = {"Fn::GetAtt": name.split(".", 1)} if "." in name else {"Ref": name}
        return str(parsing.clean_json(found, resources))

    return re.sub(r"\$\{([^}]+)\}", one, text)


parsing.clean_json = substituted
