#!/usr/bin/env python3
"""Kills real dosql processes with SIGKILL at random moments and looks at what is left.

usage: kill_test.py DOSQL KILL_WRITER [ROUNDS] [SEED]

After each kill the store opens, every acknowledged commit is there, each client's commits are a
prefix of what it sent, whole transactions only, and `dosql check` finds nothing. At the end the
lake is flushed and verified. Prints kills and acknowledged commits by kind.
"""
import json
import pathlib
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time

ROWS_KEPT = 50
DATABASES = ["db0", "db1", "db2"]
SCHEMA = ("CREATE TABLE row(client INT, n INT, body TEXT, PRIMARY KEY(client, n));"
          "CREATE TABLE total(client INTEGER PRIMARY KEY, n INT);"
          "CREATE INDEX row_body ON row(body)")
# What a client's rows must be, given how far it has counted.
WRONG_ROWS = f"""
SELECT t.client AS client FROM total t WHERE
  (SELECT count(*) FROM row r WHERE r.client = t.client) <> min(t.n, {ROWS_KEPT}) OR
  (SELECT max(n) FROM row r WHERE r.client = t.client) <> t.n OR
  EXISTS (SELECT 1 FROM row r WHERE r.client = t.client AND
    r.body <> printf('%.*c', 20 + r.n * 37 % 900, char(97 + r.n % 26)))
UNION SELECT client FROM row WHERE client NOT IN (SELECT client FROM total)"""


class Failure(Exception):
    pass


class Store:
    def __init__(self, dosql, writer, directory, seed):
        self.dosql, self.writer = dosql, writer
        self.directory = pathlib.Path(directory)
        self.path = str(self.directory / "store")
        self.random = random.Random(seed)
        self.acknowledged = {}  # (database, client) -> number
        self.bookmarks = {name: "" for name in DATABASES}
        self.imports = 0
        self.figures = {}  # kind -> [kills, acknowledged commits]
        self.slowest_open = 0.0

    def command(self, *words):
        return [self.dosql, *words, "--store", self.path]

    def run(self, *words, text=None):
        begun = time.monotonic()
        done = subprocess.run(self.command(*words), input=text, capture_output=True, text=True, timeout=120)
        self.slowest_open = max(self.slowest_open, time.monotonic() - begun)
        if done.returncode != 0:
            raise Failure(f"{words}: exit code {done.returncode}: {done.stdout[-500:]}{done.stderr[-2000:]}")
        return done.stdout

    def rows(self, database, sql):
        return [json.loads(line) for line in self.run("sql", database, sql, "--format", "jsonl").splitlines()]

    def kill(self, command, after, stdin=None):
        """Runs a command, kills it after so many seconds; its standard output. It may have ended."""
        out = self.directory / "out"
        with open(out, "wb") as file, open(stdin or "/dev/null", "rb") as source:
            process = subprocess.Popen(command, stdin=source, stdout=file, stderr=subprocess.PIPE)
            try:
                process.wait(after)
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGKILL)
            said = process.communicate()[1].decode()
        was_killed = process.returncode == -signal.SIGKILL
        if not was_killed and process.returncode != 0:
            raise Failure(f"{command}: exit code {process.returncode}: {said}")
        return was_killed, out.read_text()

    # --- one method for each way to die: (was it killed, commits it acknowledged)

    def writers(self):
        checkpoint_kib = self.random.choice([256, 1024, 262144])
        clients = self.random.choice([1, 6, 16])
        killed, out = self.kill([self.writer, self.path, str(checkpoint_kib), str(clients)],
                                self.random.uniform(0.05, 0.8))
        for line in out.splitlines():
            database, client, n, bookmark = line.split()
            self.acknowledged[database, int(client)] = int(n)
            self.bookmarks[database] = max(self.bookmarks[database], bookmark)
        return killed, out.count("\n")

    def script(self):
        database = self.random.choice(DATABASES)
        client = 1000
        begin = self.acknowledged.get((database, client), 0)
        lines = []
        for n in range(begin + 1, begin + 3001):
            lines.append(f"BEGIN; INSERT INTO row VALUES({client}, {n}, "
                         f"printf('%.*c', {20 + n * 37 % 900}, '{chr(97 + n % 26)}'));\n"
                         f"DELETE FROM row WHERE client = {client} AND n = {n - ROWS_KEPT};\n"
                         f"INSERT INTO total VALUES({client}, {n}) "
                         "ON CONFLICT DO UPDATE SET n = excluded.n; COMMIT;\n")
        source = self.directory / "script.sql"
        source.write_text("".join(lines))
        killed, out = self.kill(self.command("sql", database, "--ack"),
                                self.random.uniform(0.02, 0.6), source)
        bookmarks = out.split()
        if sorted(bookmarks) != bookmarks:
            raise Failure("bookmarks are not in commit order")
        if bookmarks:
            self.acknowledged[database, client] = begin + len(bookmarks)
            self.bookmarks[database] = max(self.bookmarks[database], bookmarks[-1])
            known = {json.loads(line)["bookmark"]
                     for line in self.run("log", database, "--limit", "0", "--format", "jsonl").splitlines()}
            missing = [bookmark for bookmark in bookmarks if bookmark not in known]
            if missing:
                raise Failure(f"{database}: the log lacks {len(missing)} acknowledged bookmarks, first {missing[0]}")
        return killed, len(bookmarks)

    def checkpoint(self):
        self.kill([self.writer, self.path, "262144", "6"], 0.3)
        self.accept_unread()
        killed, _ = self.kill(self.command("checkpoint"), self.random.uniform(0.005, 0.06))
        return killed, 0

    def csv_import(self):
        source = self.directory / "many.csv"
        if not source.exists():
            source.write_text("id,name\n" + "".join(f"{i},name {i}\n" for i in range(60000)))
        table = f"import_{self.imports}"
        self.imports += 1
        killed, out = self.kill(self.command("import", "db0", str(source), "--table", table),
                                self.random.uniform(0.02, 0.25))
        tables = self.rows("db0", f"SELECT name FROM sqlite_schema WHERE name = '{table}'")
        if not tables:
            if out:
                raise Failure(f"{table} was reported as imported and is gone")
            return killed, 0
        count = self.rows("db0", f"SELECT count(*) AS n, max(id) AS last FROM {table}")[0]
        if count != {"n": 60000, "last": 59999}:
            raise Failure(f"{table} is there with a part of its rows: {count}")
        self.run("sql", "db0", f"DROP TABLE {table}")
        return killed, 1

    def lake_flush(self):
        killed, _ = self.kill(self.command("lake", "flush"), self.random.uniform(0.02, 0.5))
        return killed, 0

    def recovery(self):
        """Killed while it writes, then twice more while it recovers and closes."""
        killed, acknowledged = self.writers()
        kills = int(killed)
        for _ in range(2):
            killed, _ = self.kill(self.command("sql", "db1", "INSERT INTO total VALUES(-1, 0) "
                                               "ON CONFLICT DO NOTHING"), self.random.uniform(0.0, 0.03))
            kills += int(killed)
            self.run("sql", "db1", "DELETE FROM total WHERE client = -1")
        return kills, acknowledged

    def accept_unread(self):
        """Takes what is there as acknowledged: the output of a run that was not read."""
        for database in DATABASES:
            for row in self.rows(database, "SELECT client, n FROM total"):
                key = database, row["client"]
                if row["n"] < self.acknowledged.get(key, 0):
                    raise Failure(f"{key}: {row['n']} of {self.acknowledged[key]} acknowledged commits")
                self.acknowledged[key] = row["n"]

    # --- what must hold

    def verify(self):
        self.accept_unread()
        for database in DATABASES:
            wrong = self.rows(database, WRONG_ROWS)
            if wrong:
                raise Failure(f"{database}: clients {wrong} have rows of a part of a transaction")
        for row in json.loads(self.run("db", "list", "--json")):
            if row["database"] in self.bookmarks and row["bookmark"] < self.bookmarks[row["database"]]:
                raise Failure(f"{row}: acknowledged was {self.bookmarks[row['database']]}")
        self.run("check")

    def verify_lake(self):
        self.run("lake", "flush")
        self.run("lake", "verify")

    def round(self, kind):
        kills, acknowledged = getattr(self, kind)()
        figure = self.figures.setdefault(kind, [0, 0])
        figure[0] += int(kills)
        figure[1] += acknowledged
        self.verify()
        if kind == "lake_flush":
            self.verify_lake()


def main():
    dosql, writer = sys.argv[1:3]
    kills_wanted = int(sys.argv[3]) if len(sys.argv) > 3 else 60
    seed = int(sys.argv[4]) if len(sys.argv) > 4 else random.randrange(1 << 32)
    print(f"seed {seed}", flush=True)
    directory = tempfile.mkdtemp(prefix="dosql-kill-")
    store = Store(dosql, writer, directory, seed)
    kinds = ["writers", "script", "checkpoint", "recovery", "csv_import", "lake_flush"]
    begun = time.monotonic()
    turn, kind = 0, "setup"
    try:
        for database in DATABASES:
            store.run("db", "create", database)
            store.run("sql", database, SCHEMA)
        store.verify_lake()
        while sum(kills for kills, _ in store.figures.values()) < kills_wanted:
            kind = kinds[turn % len(kinds)]
            turn += 1
            store.round(kind)
            if turn > 6 * kills_wanted:
                raise Failure("the processes end before they are killed")
        store.verify_lake()
    except Failure as failure:
        print(f"round {turn} ({kind}): {failure}\nthe store is kept in {directory}", file=sys.stderr)
        return 1
    shutil.rmtree(directory)
    for kind, (kills, acknowledged) in store.figures.items():
        print(f"{kind}: {kills} kills, {acknowledged} acknowledged commits")
    print(f"all: {sum(k for k, _ in store.figures.values())} kills, "
          f"{sum(a for _, a in store.figures.values())} acknowledged commits, none lost; "
          f"slowest command {store.slowest_open:.2f} s; {time.monotonic() - begun:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
