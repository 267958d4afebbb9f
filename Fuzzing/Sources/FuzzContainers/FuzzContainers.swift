import FuzzSupport

@testable import SignedPackages

/// ZIP files, the manifests of ASiC containers, and the description of both.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzContainers(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    let input = FuzzInput(start, count)
    var limits = PackageLimits()
    limits.documentBytes = 1 << 20
    limits.totalExpandedBytes = 4 << 20
    checkContainer(input.bytes, limits)
    _ = try? ASiCManifest(xml: input.bytes, entry: "META-INF/ASiCManifest.xml", limits: limits)
    _ = try? PackageInspector(limits: limits).inspect(BytesInput(input.bytes), name: "a.asice")
    return 0
}

// Whatever passes the survey has safe names, and unpacks to exactly what its headers say or not at all.
private func checkContainer(_ bytes: [UInt8], _ limits: PackageLimits) {
    let package = BytesInput(bytes)
    guard let survey = try? ZipSurvey(package, limits: limits), survey.faults.isEmpty else { return }
    let container = ZipContainer(survey, of: package)
    requireEqual(Set(container.entries.map(\.name)).count, container.entries.count, "names are there twice")
    for entry in container.entries { checkName(entry.name) }
    require(container.entries.reduce(0) { $0 + $1.size } <= limits.totalExpandedBytes, "the total is over its limit")
    var sizes = Array(repeating: Int64(0), count: container.entries.count)
    try? container.readAll { index, block in
        sizes[index] += Int64(block.count)
        require(sizes[index] <= container.entries[index].size, "more came out than the headers say")
    } finished: { index, fault in
        if fault == nil { requireEqual(sizes[index], container.entries[index].size, "less came out, without a word") }
    }
}

private func checkName(_ name: String) {
    let parts = name.split(separator: "/", omittingEmptySubsequences: false)
    require(!name.isEmpty && !name.hasPrefix("/") && !name.contains("\\"), "an unsafe name: \(name)")
    require(!parts.contains("..") && !parts.contains("."), "an unsafe name: \(name)")
    require(!name.unicodeScalars.contains { $0.value < 0x20 }, "a control character in a name: \(name)")
}
