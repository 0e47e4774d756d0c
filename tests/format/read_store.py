"""Reads a store by docs/format.md alone, with nothing but Python: `read_store.py STORE OUT` writes each
database's newest version as the SQLite file OUT/<name>.sqlite."""
import pathlib
import struct
import sys

TABLE = []
for byte in range(256):
    for _ in range(8):
        byte = byte >> 1 ^ (0x82F63B78 if byte & 1 else 0)
    TABLE.append(byte)


def crc32c(data, crc=0):
    crc ^= 0xFFFFFFFF
    for byte in data:
        crc = TABLE[(crc ^ byte) & 0xFF] ^ crc >> 8
    return crc ^ 0xFFFFFFFF


def check(condition, what):
    if not condition:
        raise ValueError(what)


def lz4(data, size):
    out = bytearray()
    at = 0
    while True:
        token = data[at]
        at += 1
        length = token >> 4
        if length == 15:
            while True:
                length += data[at]
                at += 1
                if data[at - 1] != 255:
                    break
        out += data[at:at + length]
        at += length
        if at >= len(data):
            break
        offset = data[at] | data[at + 1] << 8
        at += 2
        length = (token & 15) + 4
        if token & 15 == 15:
            while True:
                length += data[at]
                at += 1
                if data[at - 1] != 255:
                    break
        for _ in range(length):
            out.append(out[-offset])
    check(len(out) == size, "LZ4 block of a wrong length")
    return bytes(out)


class Fields:
    def __init__(self, data, at=0):
        self.data, self.at = data, at

    def take(self, form):
        values = struct.unpack_from("<" + form, self.data, self.at)
        self.at += struct.calcsize("<" + form)
        return values if len(values) > 1 else values[0]

    def sized(self):
        length = self.take("I")
        self.at += length
        return self.data[self.at - length:self.at]

    def tree(self):
        return self.take("QIQ")


class Store:
    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.packs = {}
        self.read_root()
        self.segments = []
        for path in sorted((self.folder / "log").glob("*.seg")):
            data = path.read_bytes()
            magic, form, epoch, first = struct.unpack_from("<QIIQ", data)
            check(magic == 0x3147455351534F44 and form == 1, f"{path}: no segment")
            check(crc32c(data[:60]) == struct.unpack_from("<I", data, 60)[0], f"{path}: header crc")
            self.segments.append((first, epoch, data))

    def read_root(self):
        data = (self.folder / "root").read_bytes()
        newest = None
        for slot in (data[:4096], data[4096:8192]):
            fields = Fields(slot)
            magic, form, generation = fields.take("QIQ")
            if magic != 0x31544F4F524F4444:
                continue
            content = fields.sized()
            end = fields.at
            if crc32c(slot[:end]) == fields.take("I") and (newest is None or generation > newest[0]):
                newest = generation, content
        check(newest, "the root has no valid slot")
        fields = Fields(newest[1])
        (form, self.store_id, self.history_epoch, self.epoch, self.begin, self.clean_end, _, _,
         cuts) = fields.take("IQIIQQIII")
        check(form == 1, "root format")
        for _ in range(cuts):
            fields.take("Q")
        self.directory, self.names = fields.tree(), fields.tree()

    def log_bytes(self, lsn, size):
        first, _, data = max((s for s in self.segments if s[0] <= lsn), key=lambda s: s[0])
        return data[64 + lsn - first:64 + lsn - first + size]

    def payloads(self):
        for index, (first, epoch, data) in enumerate(self.segments):
            last = index + 1 == len(self.segments)
            limit = first + len(data) - 64 if last else self.segments[index + 1][0]
            lsn = max(first, self.begin)
            while lsn < limit:
                at = 64 + lsn - first
                if at + 32 > len(data):
                    break
                length, crc, own, frame_epoch, flags, synced = struct.unpack_from("<IIQIIQ", data, at)
                payload = data[at + 32:at + 32 + length]
                if own != lsn or frame_epoch != epoch or len(payload) != length:
                    break
                if crc32c(payload + data[at + 8:at + 32] + data[at:at + 4]) != crc:
                    break
                check(synced <= lsn, "a frame knows more than there is")
                if not flags & 1:
                    yield lsn + 32, payload
                lsn += (32 + length + 7) // 8 * 8
            check(last or lsn >= limit, f"segment {first:016x} is cut off")

    def block(self, address, kind, key):
        number, offset, length = address >> 40 & 0x3FFFFF, (address >> 16 & 0xFFFFFF) * 8, (address & 0xFFFF) + 1
        if number not in self.packs:
            data = (self.folder / "pack" / f"{number:08}.dpk").read_bytes()
            magic, form, own, store = struct.unpack_from("<QIIQ", data)
            check(magic == 0x314B504C51534F44 and form == 1 and own == number and store == self.store_id, "pack header")
            index, blocks, index_crc, crc, end = struct.unpack_from("<IIIIQ", data, len(data) - 24)
            check(end == 0x31444E454B434150 and crc32c(data[-24:-12]) == crc, "pack trailer")
            check(crc32c(data[index:index + 16 * blocks]) == index_crc, "pack index")
            self.packs[number] = data
        data = self.packs[number]
        crc, own_kind, codec, _, raw, own_key = struct.unpack_from("<IBBHII", data, offset)
        stored = data[offset + 16:offset + 16 + length]
        place = struct.pack("<II", number, offset)
        check(crc32c(place + data[offset + 4:offset + 16] + stored) == crc, f"block {number}:{offset} crc")
        check(own_kind == kind and own_key == key, f"block {number}:{offset} is another")
        return lz4(stored, raw) if codec else stored

    def tree_slots(self, root):
        address, pages, _ = root
        level = 0
        while 64 ** (level + 1) < pages:
            level += 1
        slots = {}
        if address:
            self.walk(address, level, 0, slots)
        return slots

    def walk(self, address, level, first, slots):
        fields = Fields(self.block(address, 2, 0))
        form, own_level = fields.take("BB")
        check(form == 1 and own_level == level, "a node of another level")
        fields.at = 8
        _, present = fields.take("QQ")
        bits = [i for i in range(64) if present >> i & 1]
        addresses = [fields.take("Q") for _ in bits]
        for i, below in zip(bits, addresses):
            if level == 0:
                slots[first + i + 1] = below
            else:
                self.walk(below, level - 1, first + i * 64 ** level, slots)

    def page(self, address, page, size):
        if address == 0:
            return bytes(size)
        if address >> 62 == 2:
            return self.block(address, 1, page)
        lsn = address & (1 << 62) - 1
        own, kind, _, _, length, crc, previous = struct.unpack("<IBBHIIQ", self.log_bytes(lsn, 24))
        check(own == page, "an entry of another page")
        body = self.log_bytes(lsn + 24, length)
        if kind == 1:
            image = body
        elif kind == 3:
            image = bytes(size)
        else:
            image = bytearray(self.page(previous, page, size))
            at = 0
            while at < length:
                offset, less = struct.unpack_from("<HH", body, at)
                image[offset:offset + less + 1] = body[at + 4:at + 5 + less]
                at += 5 + less
        check(crc32c(image) == crc, f"page {page} crc")
        return bytes(image)


class Database:
    def __init__(self, descriptor):
        fields = Fields(descriptor)
        form, self.id = fields.take("BI")
        check(form == 1, "descriptor format")
        self.name, self.group = fields.sized().decode(), fields.sized().decode()
        self.page_size, self.flags, _, branches = fields.take("IIqI")
        self.root, self.slots, self.pages = (0, 0, 0), {}, 0
        self.version = 0
        for _ in range(branches):
            branch = fields.take("I")
            fields.sized()
            _, _, checkpoints = fields.take("IQI")
            for _ in range(checkpoints):
                root = fields.tree()
                fields.take("Qq")
                if branch == 0 or branches == 1:
                    self.root = root
        self.version = self.root[2]


def parts_of(payload):
    form, parts = struct.unpack_from("<BxxxI", payload)
    check(form == 1, "record format")
    at = 8
    for _ in range(parts):
        length, header, database, _, flags, pages, version, parent, _ = struct.unpack_from("<IIIIIIQQq", payload, at)
        sections = {}
        section = at + header
        while section < at + length:
            size, kind = struct.unpack_from("<IB", payload, section)
            sections[kind] = section + 8, size
            section += 8 + (size + 7) // 8 * 8
        yield database, flags, pages, version, parent, sections
        at += length


def read_databases(store):
    databases = {}
    for ident, address in store.tree_slots(store.directory).items():
        if address:
            databases[ident] = Database(store.block(address, 3, ident))
    for database in databases.values():
        database.slots = store.tree_slots(database.root)
        database.pages = database.root[1]
    for lsn, payload in store.payloads():
        for ident, flags, pages, version, parent, sections in parts_of(payload):
            body = {kind: payload[at:at + size] for kind, (at, size) in sections.items()}
            if flags & 1 and ident not in databases:
                databases[ident] = Database(body[3])
            database = databases.get(ident)
            if flags & 2:
                databases.pop(ident, None)
            if database is None:
                continue
            if flags & 4:
                fields = Fields(body[4])
                fields.sized()
                database.name = fields.sized().decode()
            if version <= database.version:
                continue
            check(parent == database.version, f"{database.name}: version {parent} is missing")
            database.version, database.pages = version, pages
            if 1 not in sections:
                continue
            at, size = sections[1]
            end = at + size
            while at < end:
                page, _, _, _, length = struct.unpack_from("<IBBHI", payload, at)
                database.slots[page] = 1 << 62 | lsn + at
                at += 24 + (length + 7) // 8 * 8
    return databases


def main():
    store, out = Store(sys.argv[1]), pathlib.Path(sys.argv[2])
    for database in read_databases(store).values():
        with open(out / f"{database.name}.sqlite", "wb") as file:
            for page in range(1, database.pages + 1):
                file.write(store.page(database.slots.get(page, 0), page, database.page_size))
        print(f"{database.name}\t{store.history_epoch:08x}-{database.version:016x}\t{database.pages}")


if __name__ == "__main__":
    main()
