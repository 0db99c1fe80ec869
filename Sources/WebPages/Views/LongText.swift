/// A text by users at the top of a page: of a long one, two lines are shown until it is opened.
struct LongText: Sendable {
    let text: String
    let isLong: Bool

    private static let bytesOfTwoLines = 240

    init(_ text: String) {
        self.text = text
        isLong = text.utf8.count > Self.bytesOfTwoLines
    }
}
