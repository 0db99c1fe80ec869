import Foundation

/// `fuzz` lists the parsers; `fuzz PARSER SECONDS SEED` looks for crashes and cost; `fuzz --read PARSER FILE` reads one
/// input, to be run under an instruction counter.
@main
struct Fuzz {
    static let corpus = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "FuzzTests/corpus")

    static func main() throws {
        let words = Array(CommandLine.arguments.dropFirst())
        if words.first == "--read", words.count == 3, let parser = ForeignParser.named(words[1]) {
            return parser.read(Array(try Data(contentsOf: URL(filePath: words[2]))))
        }
        guard words.count == 3, let parser = ForeignParser.named(words[0]), let seconds = Double(words[1]),
            let seed = UInt64(words[2])
        else {
            return print(ForeignParser.all.map(\.name).joined(separator: "\n"))
        }
        let folder = URL(filePath: "artefacts/fuzz")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let run = FuzzRun(parser: parser, seconds: seconds, seed: seed, folder: folder)
        guard let found = try run.run(corpus: inputs(for: parser)) else { return }
        print(found)
        exit(1)
    }

    /// A parser's saved inputs: the files in its folder.
    static func inputs(for parser: ForeignParser) -> [[UInt8]] {
        let folder = corpus.appending(path: parser.name)
        let files = (try? FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)) ?? []
        return files.sorted { $0.path() < $1.path() }.compactMap { try? Data(contentsOf: $0) }.map { Array($0) }
    }
}
