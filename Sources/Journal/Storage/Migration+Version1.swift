import GRDB

extension Migration {
    /// The first layout.
    ///
    /// Times are microseconds since 1970. Outcomes: 1 accepted, 2 accepted with findings, 3 rejected. The words of a state or
    /// kind are those of the public types. Fingerprints are two integers whose order is that of the unsigned halves.
    static let version1 = Migration(version: 1) { database in
        for part in [ledger1, filings1, chunks1, states1, routes1] {
            try database.execute(sql: part)
        }
    }

    // One row: what the next commit continues. Sources with what status shows of them.
    private static let ledger1 = """
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
        """

    // An arrival is one drop of a filing's bytes: the first, each retry, each duplicate. Each is answered by one receipt.
    private static let filings1 = """
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
        """

    // A chunk lies at first_position + first of the filing that has its batch, so that a staged batch is committed by
    // writing the filing's row alone.
    private static let chunks1 = """
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
        """

    // What each key of a scope last was. The generation of a scope counts the commits that changed it.
    private static let states1 = """
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
        """

    private static let routes1 = """
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
        """
}
