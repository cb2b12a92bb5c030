"""Counts, from the service's log, how often each operation of a document was asked for and succeeded.

`reached.py DOCUMENT LOG` fails if an operation never succeeded: of one that only refuses, a run without
a failure shows nothing.
"""

import collections
import json
import re
import sys

LINE = re.compile(r'request\{.*?method="(\w+)" route="([^"]+)".*? answered status=(\d+)')


def main(document, log):
    with open(document) as file:
        paths = json.load(file)["paths"]
    operations = [(method.upper(), path) for path, item in paths.items() for method in item]
    asked, succeeded = collections.Counter(), collections.Counter()
    with open(log) as file:
        for match in map(LINE.search, file):
            if match:
                method, route, status = match.groups()
                asked[method, route] += 1
                succeeded[method, route] += status < "400"
    for operation in operations:
        print("%s %s: %d of %d succeeded" % (*operation, succeeded[operation], asked[operation]))
    without = [" ".join(operation) for operation in operations if not succeeded[operation]]
    if without:
        sys.exit("none succeeded of " + ", ".join(without))


main(*sys.argv[1:])
