// swift-tools-version: 6.2

import PackageDescription

// CI builds with warnings as errors; a newer compiler's new warning must not stop a user's build.
let isCI = Context.environment["CI"] != nil

let strict: [SwiftSetting] =
    [
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .enableExperimentalFeature("Lifetimes"),
    ] + (isCI ? [.treatAllWarnings(as: .error)] : [])

func module(_ name: String, _ dependencies: [Target.Dependency] = [], exclude: [String] = []) -> Target {
    .target(name: name, dependencies: dependencies, exclude: exclude, swiftSettings: strict)
}

func program(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .executableTarget(name: name, dependencies: dependencies, swiftSettings: strict)
}

func tests(_ name: String, _ dependencies: [Target.Dependency], exclude: [String] = []) -> Target {
    .testTarget(name: name, dependencies: dependencies, exclude: exclude, swiftSettings: strict)
}

let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let configuration = Target.Dependency.product(name: "Configuration", package: "swift-configuration")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let cryptoExtras = Target.Dependency.product(name: "CryptoExtras", package: "swift-crypto")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let serviceLifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let systemPackage = Target.Dependency.product(name: "SystemPackage", package: "swift-system")
let subprocess = Target.Dependency.product(name: "Subprocess", package: "swift-subprocess")
let swiftASN1 = Target.Dependency.product(name: "SwiftASN1", package: "swift-asn1")
let swiftCSV = Target.Dependency.product(name: "SwiftCSV", package: "SwiftCSV")
let swiftProtobuf = Target.Dependency.product(name: "SwiftProtobuf", package: "swift-protobuf")
let unixSignals = Target.Dependency.product(name: "UnixSignals", package: "swift-service-lifecycle")
let x509 = Target.Dependency.product(name: "X509", package: "swift-certificates")
let xmlCoder = Target.Dependency.product(name: "XMLCoder", package: "XMLCoder")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")

let package = Package(
    name: "qiao",
    products: [
        .executable(name: "qiao", targets: ["qiao"]),
        .executable(name: "qiao-export-jsonl", targets: ["qiao-export-jsonl"]),
        .executable(name: "qiao-export-files", targets: ["qiao-export-files"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-asn1", from: "1.7.4"),
        .package(url: "https://github.com/apple/swift-certificates", from: "1.21.1"),
        .package(
            url: "https://github.com/apple/swift-configuration", from: "1.4.0",
            traits: ["YAML"]),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
        .package(url: "https://github.com/apple/swift-protobuf", from: "1.39.0", traits: []),
        .package(url: "https://github.com/CoreOffice/XMLCoder", from: "0.18.2"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/swiftcsv/SwiftCSV", from: "0.10.0"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2", traits: []),
    ],
    targets: [
        // Layer 0
        module("Findings"),
        // Layer 1
        module("BulkFiles"),
        module("CanonicalRecords", ["Findings", swiftProtobuf], exclude: ["Protos"]),
        module("TextEncodings", ["Findings"], exclude: ["Tables"]),
        module("XMLFilings", ["Findings"]),
        module("CSVRosters", ["Findings"]),
        .systemLibrary(name: "CLibarchive", pkgConfig: "libarchive", providers: [.apt(["libarchive-dev"])]),
        .systemLibrary(name: "CLibcrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(name: "CLZ4", pkgConfig: "liblz4", providers: [.apt(["liblz4-dev"])]),
        module(
            "SignedPackages",
            ["Findings", "XMLFilings", "CLibarchive", "CLibcrypto", crypto, cryptoExtras, swiftASN1, x509, xmlCoder]),
        // Layer 2
        module(
            "Mappings",
            ["Findings", "CanonicalRecords", "TextEncodings", "XMLFilings", "CSVRosters", swiftCSV, yams]),
        module("Journal", ["Findings", "BulkFiles", "CanonicalRecords", "CLZ4", grdb]),
        module("ExporterProtocol", ["Findings", "CanonicalRecords", swiftProtobuf], exclude: ["Protos"]),
        // Layer 3
        module("Inbound", ["Findings", "TextEncodings", crypto]),
        module(
            "ExporterHost", ["Findings", "CanonicalRecords", "ExporterProtocol", logging, subprocess, systemPackage]),
        module("Receipts", ["Findings", xmlCoder]),
        // Layer 4
        module(
            "Gateway",
            [
                "Findings", "CanonicalRecords", "SignedPackages", "TextEncodings", "Mappings", "Journal",
                "ExporterProtocol",
                "Inbound", "ExporterHost", "Receipts", configuration, logging, serviceLifecycle, systemPackage,
                unixSignals,
            ]),
        // Layer 6
        program(
            "qiao",
            [
                "Findings", "BulkFiles", "CanonicalRecords", "SignedPackages", "TextEncodings", "Mappings", "Journal",
                "ExporterProtocol", "Inbound", "ExporterHost", "Receipts", "Gateway", argumentParser, logging,
            ]),
        program("qiao-export-jsonl", ["ExporterProtocol", "CanonicalRecords"]),
        program("qiao-export-files", ["ExporterProtocol", "CanonicalRecords"]),
        // Tests
        tests("ArchitectureTests", []),
        tests("FindingsTests", ["Findings"]),
        tests("BulkFilesTests", ["BulkFiles"]),
        tests("CanonicalRecordsTests", ["CanonicalRecords", "Findings", swiftProtobuf]),
        tests("TextEncodingsTests", ["TextEncodings", "Findings"]),
        tests("XMLFilingsTests", ["XMLFilings", "Findings", "TextEncodings", xmlCoder]),
        tests("CSVRostersTests", ["CSVRosters", "Findings", swiftCSV]),
        tests("SignedPackagesTests", ["SignedPackages", "Findings"], exclude: ["Fixtures"]),
        tests("MappingsTests", ["Mappings", "CanonicalRecords", "Findings", "TextEncodings", swiftProtobuf]),
        tests("JournalTests", ["Journal", "CanonicalRecords", "Findings", grdb]),
        tests("ExporterProtocolTests", ["ExporterProtocol", "CanonicalRecords", "Findings"]),
        tests("InboundTests", ["Inbound", "Findings"]),
        tests("ExporterHostTests", ["ExporterHost", "ExporterProtocol", "CanonicalRecords", "Findings", logging]),
        tests("ReceiptsTests", ["Receipts", "Findings", xmlCoder]),
        tests(
            "GatewayTests",
            [
                "Gateway", "SignedPackages", "Mappings", "Journal", "ExporterHost", "ExporterProtocol", "Inbound",
                "Receipts", "CanonicalRecords", "Findings", logging,
            ]),
        tests(
            "EndToEndTests",
            ["SignedPackages", "Journal", "CanonicalRecords", "Findings", "ExporterProtocol", swiftProtobuf],
            exclude: ["read_records.py"]),
    ],
    swiftLanguageModes: [.v6]
)
