import Testing

@testable import WebServing

@Suite struct TransferEncodingScanTests {
    private func refuses(_ text: String, pieces size: Int) -> Bool {
        var scan = TransferEncodingScan()
        let bytes = Array(text.utf8)
        return stride(from: 0, to: bytes.count, by: size).contains { start in
            scan.unusual(in: bytes[start..<min(bytes.count, start + size)]) != nil
        }
    }

    @Test(arguments: [1, 2, 7, 1000])
    func findsItInAnyPieces(_ size: Int) {
        for value in [
            "\tchunked", " gzip, chunked", "", " chunked ", " chunkedx", " CHUNKED,", " \u{B}chunked", "chunked\n",
        ] {
            #expect(refuses("POST / HTTP/1.1\r\nTransfer-Encoding:\(value)\r\n\r\n", pieces: size), "\(value)")
        }
        for text in [
            "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
            "\ntransfer-encoding:CHUNKED\r\nA: b\r\n\r\nPOST / HTTP/1.1\r\nTRANSFER-encoding:   Chunked\r\n\r\n",
            "\nX-Transfer-Encoding: gzip\r\n", "\nTransfer-Encodings: gzip\r\n",
            "\n\n\ntransfer\ntransfer-encoding: chunked\r\n",
            "{\n\"transfer-encoding: gzip\"}", "GET /?transfer-encoding:gzip HTTP/1.1\r\n",
        ] {
            #expect(!refuses(text, pieces: size), "\(text)")
        }
    }

    /// Each line that departs is found once, at the byte where it does, and the next line is looked at again.
    @Test func tellsWhereALineDeparts() {
        let text = "\nTransfer-Encoding: gzip\nTransfer-Encoding:\nTransfer-Encoding: chunked\r\nTransfer-encoding:\t\n"
        let bytes = Array(text.utf8)
        var scan = TransferEncodingScan()
        var found: [Int] = []
        var rest = bytes[...]
        while let unusual = scan.unusual(in: rest) {
            found.append(unusual)
            rest = rest[(unusual + 1)...]
        }
        #expect(found.map { Character(UnicodeScalar(bytes[$0])) } == ["g", "\n", "\t"])
    }
}
