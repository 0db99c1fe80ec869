extension Answer {
    /// The body as a JSON value; nil if it is none.
    var json: JSONValue? { try? JSONValue.parse(body) }

    /// Whether the body begins as a JSON object. Only its first bytes are kept, so that a long object cannot be read.
    var beginsObject: Bool { body.first { !" \r\n\t".utf8.contains($0) } == UInt8(ascii: "{") }

    /// The longer of the waits that the headers and a number of seconds in the body ask for.
    func wait(orSeconds value: JSONValue?) -> Duration? {
        [retryAfter, value.flatMap(Self.seconds)].compactMap { $0 }.max()
    }

    /// The same for milliseconds in the body.
    func wait(orMilliseconds value: JSONValue?) -> Duration? {
        let wait = value?.integer.map { Duration.milliseconds(max(0, min($0, 86_400_000))) }
        return [retryAfter, wait].compactMap { $0 }.max()
    }

    private static func seconds(_ value: JSONValue) -> Duration? {
        switch value {
        case .integer(let number): .seconds(max(0, min(number, 86_400)))
        case .number(let number) where number.isFinite:
            .milliseconds(Int64((max(0, min(number, 86_400)) * 1000).rounded(.up)))
        default: nil
        }
    }
}
