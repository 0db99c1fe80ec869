/// Durations as people write them: `90`, `90s`, `10m`, `2h`, `3d`.
enum DurationText {
    static func duration(_ text: String) -> Duration? {
        let units: [Character: Int64] = ["s": 1, "m": 60, "h": 3600, "d": 86_400]
        let unit = text.last.flatMap { units[$0] }
        guard let number = Int64(unit == nil ? text[...] : text.dropLast()), number > 0, number <= 1_000_000 else {
            return nil
        }
        return .seconds(number * (unit ?? 1))
    }
}
