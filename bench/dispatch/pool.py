"""The yardstick: multiprocessing.Pool(2).imap_unordered(chunksize=1) over no-op tasks, every result written as a CSV
row. Prints the seconds from the first submit to the last row. usage: pool.py TASKS OUT.csv"""
import csv
import multiprocessing
import os
import sys
import time


def call(task):
    return task, {"value": 0, "worker": os.getpid()}


if __name__ == "__main__":
    count = int(sys.argv[1])
    tasks = [("f%06d" % (i // 100), "c%03d" % (i % 100)) for i in range(count)]
    with multiprocessing.Pool(2) as pool, open(sys.argv[2], "w", newline="") as out:
        list(pool.imap_unordered(call, tasks[:100]))
        writer = csv.writer(out)
        begin = time.perf_counter()
        for (file, column), result in pool.imap_unordered(call, tasks, chunksize=1):
            writer.writerow([file, column, result["value"], result["worker"]])
        print(time.perf_counter() - begin)
