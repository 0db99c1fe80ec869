import Notifications

extension Timestamp {
    /// Parses what people and date fields write: `2026-11-24`, with or without a time after it, in UTC; or RFC 3339.
    init?(typed text: String) {
        let zeros = "0000-00-00T00:00:00Z"
        let dated = text.replacingBytes(of: " ", with: "T")
        let length = dated.utf8.count
        let whole = length < 20 ? dated + zeros.dropFirst(length) : dated
        self.init(rfc3339: whole)
    }
}
