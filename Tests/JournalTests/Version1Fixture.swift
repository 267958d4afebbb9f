@testable import Journal

/// A journal as the first release made it. Never edited: when the layout changes, a new version comes beside it.
enum Version1Fixture {
    static let layout = """
        CREATE TABLE ledger (
            id INTEGER PRIMARY KEY CHECK (id = 1),
            last_position INTEGER NOT NULL,
            last_batch INTEGER NOT NULL,
            pruned_through INTEGER NOT NULL
        ) STRICT;
        INSERT INTO ledger VALUES (1, 0, 0, 0);
        CREATE TABLE source (
            number INTEGER PRIMARY KEY,
            name TEXT NOT NULL UNIQUE,
            accepted INTEGER NOT NULL DEFAULT 0,
            accepted_with_findings INTEGER NOT NULL DEFAULT 0,
            rejected INTEGER NOT NULL DEFAULT 0,
            duplicates INTEGER NOT NULL DEFAULT 0,
            records INTEGER NOT NULL DEFAULT 0,
            last_arrival_at INTEGER,
            last_success_at INTEGER
        ) STRICT;
        CREATE TABLE filing (
            number INTEGER PRIMARY KEY,
            source INTEGER NOT NULL,
            digest BLOB NOT NULL,
            name BLOB NOT NULL,
            size INTEGER NOT NULL,
            mapping TEXT,
            mapping_version TEXT,
            encoding TEXT,
            received_at INTEGER NOT NULL,
            journaled_at INTEGER NOT NULL,
            outcome INTEGER NOT NULL,
            attempts INTEGER NOT NULL,
            duplicates INTEGER NOT NULL,
            rows_read INTEGER NOT NULL,
            rows_converted INTEGER NOT NULL,
            rows_set_aside INTEGER NOT NULL,
            rows_skipped INTEGER NOT NULL,
            records_new INTEGER NOT NULL,
            records_changed INTEGER NOT NULL,
            records_unchanged INTEGER NOT NULL,
            records_deleted INTEGER NOT NULL,
            repeated_keys INTEGER NOT NULL,
            batch INTEGER,
            first_position INTEGER,
            last_position INTEGER,
            pruned INTEGER NOT NULL DEFAULT 0
        ) STRICT;
        CREATE UNIQUE INDEX filing_identity ON filing (digest, source);
        CREATE INDEX filing_source ON filing (source, number);
        CREATE INDEX filing_position ON filing (last_position) WHERE last_position IS NOT NULL;
        CREATE INDEX filing_quarantined ON filing (number) WHERE outcome = 3;
        CREATE TABLE filing_count (
            filing INTEGER NOT NULL,
            kind INTEGER NOT NULL,
            name TEXT NOT NULL,
            number INTEGER NOT NULL,
            PRIMARY KEY (filing, kind, name)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE control_total (
            filing INTEGER NOT NULL,
            number INTEGER NOT NULL,
            statement TEXT NOT NULL,
            expected INTEGER,
            actual INTEGER NOT NULL,
            is_exact INTEGER NOT NULL,
            PRIMARY KEY (filing, number)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE arrival (
            number INTEGER PRIMARY KEY,
            filing INTEGER NOT NULL,
            claim TEXT,
            name BLOB NOT NULL,
            received_at INTEGER NOT NULL,
            journaled_at INTEGER NOT NULL,
            event TEXT NOT NULL,
            outcome INTEGER NOT NULL,
            receipt_at INTEGER
        ) STRICT;
        CREATE INDEX arrival_filing ON arrival (filing);
        CREATE INDEX arrival_due ON arrival (number) WHERE receipt_at IS NULL;
        CREATE TABLE event (
            filing INTEGER NOT NULL,
            number INTEGER NOT NULL,
            at INTEGER NOT NULL,
            kind TEXT NOT NULL,
            detail TEXT NOT NULL,
            PRIMARY KEY (filing, number)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE finding (
            filing INTEGER NOT NULL,
            number INTEGER NOT NULL,
            code TEXT NOT NULL,
            severity TEXT NOT NULL,
            line INTEGER,
            column INTEGER,
            offset INTEGER,
            row INTEGER,
            field TEXT,
            value TEXT,
            chinese TEXT NOT NULL,
            english TEXT NOT NULL,
            PRIMARY KEY (filing, number)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE chunk (
            number INTEGER PRIMARY KEY,
            batch INTEGER NOT NULL,
            first INTEGER NOT NULL,
            count INTEGER NOT NULL,
            checksum INTEGER NOT NULL,
            bytes BLOB NOT NULL
        ) STRICT;
        CREATE UNIQUE INDEX chunk_place ON chunk (batch, first);
        CREATE TABLE staging (
            batch INTEGER PRIMARY KEY,
            source TEXT NOT NULL,
            digest BLOB NOT NULL,
            began_at INTEGER NOT NULL,
            records_new INTEGER NOT NULL DEFAULT 0,
            records_changed INTEGER NOT NULL DEFAULT 0,
            records_unchanged INTEGER NOT NULL DEFAULT 0,
            repeated_keys INTEGER NOT NULL DEFAULT 0,
            matched_keys INTEGER NOT NULL DEFAULT 0
        ) STRICT;
        CREATE TABLE scope (
            number INTEGER PRIMARY KEY,
            source TEXT NOT NULL,
            name TEXT NOT NULL,
            keys INTEGER NOT NULL DEFAULT 0,
            generation INTEGER NOT NULL DEFAULT 0,
            UNIQUE (source, name)
        ) STRICT;
        CREATE TABLE record_state (
            scope INTEGER NOT NULL,
            id_high INTEGER NOT NULL,
            id_low INTEGER NOT NULL,
            body INTEGER NOT NULL,
            content_high INTEGER NOT NULL,
            content_low INTEGER NOT NULL,
            PRIMARY KEY (scope, id_high, id_low)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE approval (
            source TEXT NOT NULL,
            digest BLOB NOT NULL,
            approved_at INTEGER NOT NULL,
            PRIMARY KEY (source, digest)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE route (
            number INTEGER PRIMARY KEY,
            name TEXT NOT NULL UNIQUE,
            position INTEGER NOT NULL,
            selected INTEGER NOT NULL DEFAULT 0,
            acked INTEGER NOT NULL DEFAULT 0,
            dead_letters INTEGER NOT NULL DEFAULT 0,
            condition TEXT NOT NULL,
            reason TEXT NOT NULL,
            since INTEGER NOT NULL
        ) STRICT;
        CREATE TABLE dead_letter (
            number INTEGER PRIMARY KEY AUTOINCREMENT,
            route INTEGER NOT NULL,
            position INTEGER NOT NULL,
            record BLOB NOT NULL,
            reason TEXT NOT NULL,
            at INTEGER NOT NULL,
            state TEXT NOT NULL DEFAULT 'open'
        ) STRICT;
        CREATE INDEX dead_letter_state ON dead_letter (route, state, number);
        PRAGMA application_id = 1365860719;
        PRAGMA user_version = 1;
        """

    /// One filing of two records (`7=5`, `8=5`) with a finding, in a scope; a route that has passed the first record.
    static var contents: String {
        let bytes = [ToyRecord(key: 7, content: 5), ToyRecord(key: 8, content: 5)].flatMap(\.delimited)
        let digest = String(repeating: "0102030405060708", count: 4)
        let states = ([7, 8] as [UInt64]).map { key in
            let (high, low) = ToyRecord.id(key).columns
            let content = ToyRecord(key: key, content: 5).recordKey.content.columns
            return "INSERT INTO record_state VALUES (1, \(high), \(low), 11, \(content.high), \(content.low));"
        }
        return """
            UPDATE ledger SET last_position = 2, last_batch = 1;
            INSERT INTO source VALUES (1, 'liangzhang', 0, 1, 0, 0, 2, 1000000, 2000000);
            INSERT INTO filing VALUES (1, 1, X'\(digest)', X'D0D5', 120, 'yutai.roster', '1', 'GB18030', 1000000, 2000000,
                2, 1, 0, 3, 2, 1, 0, 2, 0, 0, 0, 0, 1, 1, 2, 0);
            INSERT INTO filing_count VALUES (1, 1, 'Person', 2), (1, 2, 'csv.ragged', 1), (1, 3, 'error', 1);
            INSERT INTO arrival VALUES (1, 1, 'claim-1', X'D0D5', 1000000, 2000000, 'journaled', 2, NULL);
            INSERT INTO finding VALUES (1, 0, 'csv.ragged', 'error', 4, 1, 99, 3, '姓名', '张*', '列数不符', 'ragged row');
            INSERT INTO chunk VALUES (1, 1, 0, 2, \(Checksum.of(bytes)), X'\(Hexadecimal.text(of: bytes))');
            INSERT INTO scope VALUES (1, 'liangzhang', 'roster', 2, 1);
            \(states.joined(separator: "\n"))
            INSERT INTO route VALUES (1, 'all', 1, 1, 1, 0, 'running', '', 3000000);
            """
    }
}
