import Testing

@testable import runbell

@Suite struct OpenFilesTests {
    /// 256 more connections are refused, and some files are left for everything else.
    @Test(arguments: [OpenFiles.least, 600, 1024, 4096, 10_000, 11_391, 11_392, 1_048_576])
    func clientsNeverGetAll(limit: Int) {
        let files = OpenFiles(limit: limit)
        #expect(files.connections >= limit / 4 || files.connections == 8192)
        #expect(files.connections + 256 <= limit - 128)
        #expect((files.weakness == nil) == (files.connections == 8192))
    }

    @Test func theUsualLimitsServeAllConnections() {
        #expect(OpenFiles(limit: 524_288).connections == 8192)
        #expect(OpenFiles(limit: 11_392).connections == 8192)
        #expect(OpenFiles(limit: 11_391).connections == 8191)
    }
}
