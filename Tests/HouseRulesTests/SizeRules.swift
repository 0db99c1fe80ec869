import Testing

@Suite("House rules: sizes")
struct SizeRules {
    static let fileLimit = 400
    static let functionLimit = 40

    @Test("No file is longer than 400 lines")
    func files() {
        for file in ProjectFile.sources + ProjectFile.tests + ProjectFile.python {
            #expect(file.lineCount <= Self.fileLimit, "\(file) has \(file.lineCount) lines")
        }
    }

    @Test("No function is longer than 40 lines")
    func functions() {
        for file in ProjectFile.sources + ProjectFile.tests {
            for span in FunctionSpan.all(in: file.code) {
                #expect(span.length <= Self.functionLimit, "\(file):\(span.firstLine) has \(span.length) lines")
            }
        }
    }

    @Test("The measure finds functions, and nothing else")
    func measure() {
        let text = """
            protocol P { func requirement(_ f: () -> Void) }
            struct S {
                let text = "func not() { \\(x.map { "}" }) }"  // func neither() {
                init(
                    a: Int = 1
                ) where A == B {
                    self.init(a: { 1 }())
                }
                func one() { two { three() } }
            }
            """
        let spans = FunctionSpan.all(in: SwiftCode.lines(of: text))
        #expect(spans.map { [$0.firstLine, $0.lastLine] } == [[4, 8], [9, 9]])
    }
}
