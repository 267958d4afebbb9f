import Testing

/// A settings file with something wrong in it, and what the operator is told.
struct SettingsMistake: CustomTestStringConvertible, Sendable {
    var name: String
    var yaml: String
    var told: [String]
    var testDescription: String { name }

    init(_ name: String, _ yaml: String, _ told: String...) {
        self.name = name
        self.yaml = yaml
        self.told = told
    }

    static let all: [SettingsMistake] = [
        SettingsMistake("no state", "mappings: /m", "qiao.yaml:1:1: error: the settings need “state”"),
        SettingsMistake(
            "key at the top mistyped", "state: /s\nmapings: /m",
            "qiao.yaml:2:1: error: unknown key “mapings” in the settings (did you mean “mappings”?)"),
        SettingsMistake(
            "key of the log mistyped", "state: /s\nlog:\n  levle: info",
            "qiao.yaml:3:3: error: unknown key “levle” in “log” (did you mean “level”?)"),
        SettingsMistake(
            "key of the limits mistyped", "state: /s\nlimits:\n  filing_sise: 1",
            "qiao.yaml:3:3: error: unknown key “filing_sise” in “limits” (did you mean “filing-size”?)"),
        SettingsMistake(
            "key of a source mistyped", "state: /s\nsources:\n  a:\n    inbond: /x",
            "qiao.yaml:4:5: error: unknown key “inbond” in source “a” (did you mean “inbound”?)"),
        SettingsMistake(
            "key of a route mistyped", "state: /s\nroutes:\n  r:\n    exporter: cat\n    sensitiv: mask",
            "qiao.yaml:5:5: error: unknown key “sensitiv” in route “r” (did you mean “sensitive”?)"),
        SettingsMistake(
            "level that does not exist", "state: /s\nlog:\n  level: warn",
            "qiao.yaml:3:10: error: “level” must be one of trace, debug, info, notice, warning, error, critical, "
                + "not “warn” (did you mean “warning”?)"),
        SettingsMistake(
            "format that does not exist", "state: /s\nlog:\n  format: jsonl",
            "qiao.yaml:3:11: error: “format” must be one of auto, text, journal, json, not “jsonl” "
                + "(did you mean “json”?)"),
        SettingsMistake(
            "size that is none", "state: /s\nlimits:\n  filing-size: 4 gigs",
            "qiao.yaml:3:16: error: “filing-size” must be a number of bytes such as 65536, 512KiB or 4GiB, "
                + "not “4 gigs”"),
        SettingsMistake(
            "size of nothing", "state: /s\nlimits:\n  record-size: 0",
            "qiao.yaml:3:16: error: “record-size” must be a number of bytes such as 65536, 512KiB or 4GiB, not “0”"),
        SettingsMistake(
            "number that is none", "state: /s\nlimits:\n  csv-columns: many",
            "qiao.yaml:3:16: error: “csv-columns” must be a whole number above 0, not “many”"),
        SettingsMistake(
            "number of nothing", "state: /s\nroutes:\n  r:\n    exporter: cat\n    window: 0",
            "qiao.yaml:5:13: error: “window” must be a whole number above 0, not “0”"),
        SettingsMistake(
            "completion mistyped", "state: /s\nsources:\n  a:\n    completion: close-wrte",
            "qiao.yaml:4:17: error: “completion” must be one of close-write, rename, marker, stable, "
                + "not “close-wrte” (did you mean “close-write”?)"),
        SettingsMistake(
            "key of the retention mistyped", "state: /s\nretention:\n  record: 30d",
            "qiao.yaml:3:3: error: unknown key “record” in “retention” (did you mean “records”?)"),
        SettingsMistake(
            "retention without a unit", "state: /s\nretention:\n  records: \"30\"",
            "qiao.yaml:3:12: error: “records” must be “forever” or a duration above 0 such as 12h or 90d, not “30”"),
        SettingsMistake(
            "retention of nothing", "state: /s\nretention:\n  archive: 0d",
            "qiao.yaml:3:12: error: “archive” must be “forever” or a duration above 0 such as 12h or 90d, not “0d”"),
        SettingsMistake(
            "retention of months, which are minutes", "state: /s\nretention:\n  archive: 12m",
            "qiao.yaml:3:12: error: “archive” must be “forever” or a duration above 0 such as 12h or 90d, not “12m”: "
                + "m is for minutes; write months in days"),
        SettingsMistake(
            "duration that is none", "state: /s\nsources:\n  a:\n    completion: stable\n    stable-for: soon",
            "qiao.yaml:5:17: error: “stable-for” must be a duration such as 500ms, 10s or 2m, not “soon”"),
        SettingsMistake(
            "duration beyond all bounds", "state: /s\nsources:\n  a:\n    completion: stable\n    stable-for: 1e30h",
            "qiao.yaml:5:17: error: “stable-for” must be a duration such as 500ms, 10s or 2m, not “1e30h”"),
        SettingsMistake(
            "area code of five digits", "state: /s\nsources:\n  a:\n    area-code: \"37082\"",
            "qiao.yaml:4:16: error: “area-code” must be 6, 9 or 12 digits, in quotes (GB/T 2260, GB/T 10114), "
                + "not “37082”"),
        SettingsMistake(
            "area code in full width", "state: /s\nsources:\n  a:\n    area-code: \"３７０８２７\"",
            "qiao.yaml:4:16: error: “area-code” must be 6, 9 or 12 digits, in quotes (GB/T 2260, GB/T 10114), "
                + "not “３７０８２７”"),
        SettingsMistake(
            "relative state folder", "state: lib/qiao",
            "qiao.yaml:1:8: error: “state” must be an absolute path, not “lib/qiao”: a service has no working folder "
                + "of yours"),
        SettingsMistake(
            "relative inbound folder", "state: /s\nsources:\n  a:\n    inbound: drop/",
            "qiao.yaml:4:14: error: “inbound” must be an absolute path, not “drop”: a service has no working folder "
                + "of yours"),
        SettingsMistake(
            "route of an unknown source",
            "state: /s\nsources:\n  appeals:\n    completion: rename\nroutes:\n  r:\n    exporter: cat\n"
                + "    sources: [apeals]",
            "qiao.yaml:8:14: error: route “r” names the source “apeals”, which does not exist "
                + "(did you mean “appeals”?)"),
        SettingsMistake(
            "route without exporter", "state: /s\nroutes:\n  r:\n    records: [Person]",
            "qiao.yaml:4:5: error: route “r” needs “exporter”: the program and its arguments, "
                + "e.g. [qiao-export-jsonl, --output, F]"),
        SettingsMistake(
            "words of a route that do not exist",
            "state: /s\nroutes:\n  r:\n    exporter: cat\n    sensitive: masked\n    on-reject: dead\n    start: begin",
            "qiao.yaml:5:16: error: “sensitive” must be one of mask, hash, drop, reveal, not “masked” "
                + "(did you mean “mask”?)",
            "qiao.yaml:6:16: error: “on-reject” must be one of dead-letter, stop, not “dead” "
                + "(did you mean “dead-letter”?)",
            "qiao.yaml:7:12: error: “start” must be one of beginning, end, not “begin” (did you mean “beginning”?)"),
        SettingsMistake(
            "name of a source in capitals", "state: /s\nsources:\n  Yutai:\n    completion: rename",
            "qiao.yaml:3:3: error: a name under “sources” is made of a–z, 0–9 and hyphens"),
        SettingsMistake(
            "sources as a list", "state: /s\nsources: [a, b]",
            "qiao.yaml:2:10: error: “sources” must be a mapping of names to settings, not a list"),
        SettingsMistake(
            "source that is a text", "state: /s\nsources:\n  a: /drop",
            "qiao.yaml:3:6: error: source “a” must be a mapping of keys to values, not a single value"),
        SettingsMistake(
            "list where one value is wanted", "state: /s\nlimits:\n  backlog: [1000]",
            "qiao.yaml:3:12: error: “backlog” must be a single value, not a list"),
        SettingsMistake(
            "inbound folders as a list", "state: /s\nsources:\n  a:\n    inbound: [/drop]",
            "qiao.yaml:4:14: error: “inbound” must be a single value, not a list"),
        SettingsMistake(
            "mapping where a list is wanted", "state: /s\nroutes:\n  r:\n    exporter: cat\n    records: {a: b}",
            "qiao.yaml:5:14: error: “records” must be a text or a list of texts, not a mapping"),
        SettingsMistake(
            "settings of an exporter as a text", "state: /s\nroutes:\n  r:\n    exporter: cat\n    settings: fast",
            "qiao.yaml:5:15: error: the settings of route “r” must be a mapping of keys to values, not a single value"),
        SettingsMistake(
            "setting of an exporter that is a list",
            "state: /s\nroutes:\n  r:\n    exporter: cat\n    settings:\n      hosts: [a, b]",
            "qiao.yaml:6:14: error: “hosts” must be a single value, not a list"),
        SettingsMistake("an empty file", "# nothing\n", "qiao.yaml:1:1: error: the file is empty"),
        SettingsMistake(
            "a key twice", "state: /s\nstate: /t",
            "qiao.yaml:2:1: error: the key “state” is written twice; the first is on line 1"),
    ]
}
