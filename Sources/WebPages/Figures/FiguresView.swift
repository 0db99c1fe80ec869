import Notifications
import Repository

/// What became of the deliveries of the last 24 hours and seven days: in figures, drawn, and as a table.
struct FiguresView: Sendable {
    let isEmpty: Bool
    let periods: [PeriodView]
    /// `12 deliveries are waiting, the oldest since`; nil if none is.
    let waiting: String?
    let waitingSince: TimeView?

    init(_ figures: DeliveryFigures) {
        let week = figures.total(ofHours: DeliveryFigures.length)
        isEmpty = week.attempts == 0 && figures.waiting == .nothing
        let days = stride(from: 0, to: DeliveryFigures.length, by: 24).map { first in
            BarView.Part(figures.hours[first..<first + 24], words: { "24 hours from \(TimeView($0).minute)" })
        }
        let hours = figures.hours.suffix(24).map { hour in
            BarView.Part([hour], words: { "Hour from \(TimeView($0).minute)" })
        }
        periods = [
            PeriodView("Last 24 hours", "day", figures.total(ofHours: 24), hours),
            PeriodView("Last 7 days", "week", week, days),
        ]
        switch figures.waiting {
        case .nothing: (waiting, waitingSince) = (nil, nil)
        case .some(let count, let since):
            waiting = count == 1 ? "One delivery is waiting since" : "\(count) deliveries are waiting, the oldest since"
            waitingSince = TimeView(since)
        case .many(let count): (waiting, waitingSince) = ("More than \(count) deliveries are waiting.", nil)
        }
    }
}

/// One period: its figures, and a chart of its parts.
struct PeriodView: Sendable {
    let title: String
    let id: String
    let delivered: String
    let failed: String
    let failedAttempts: String
    /// The share of attempts that arrived: `97.6%`; nil without attempts.
    let share: String?
    /// `20 ms`; nil if nothing arrived.
    let median: String?
    let late: String?
    let chart: [BarView]
    let words: String

    init(_ title: String, _ id: String, _ tally: DeliveryTally, _ parts: [BarView.Part]) {
        self.title = title
        self.id = id
        delivered = "\(tally.delivered)"
        failed = "\(tally.failed)"
        failedAttempts = "\(tally.failedAttempts)"
        share = Self.percent(tally.delivered, of: tally.attempts)
        median = Self.within(0.5, tally)
        late = Self.within(0.95, tally)
        chart = BarView.all(parts)
        words =
            "\(title): \(delivered) delivered, \(failedAttempts) failed attempts. The figures are in the table below."
    }

    /// Rounded down: 100% means all.
    private static func percent(_ part: Int, of whole: Int) -> String? {
        guard whole > 0 else { return nil }
        let tenths = part * 1000 / whole
        return tenths % 10 == 0 ? "\(tenths / 10)%" : "\(tenths / 10).\(tenths % 10)%"
    }

    private static func within(_ share: Double, _ tally: DeliveryTally) -> String? {
        guard tally.delivered > 0 else { return nil }
        return tally.span(of: share).map { "within \($0.roundText)" } ?? "after more than a day"
    }
}

/// A part of a period in its chart: what was delivered goes up from the axis, failed attempts go down, so that nobody
/// needs the colors.
struct BarView: Sendable {
    /// A part as it is counted.
    struct Part: Sendable {
        let words: String
        let tally: DeliveryTally

        init(_ hours: some Collection<DeliveryFigures.Hour>, words: (Timestamp) -> String) {
            self.words = hours.first.map { words($0.start) } ?? ""
            tally = hours.reduce(into: DeliveryTally()) { $0 += $1.tally }
        }
    }

    let words: String
    let delivered: Int
    let failedAttempts: Int
    let failed: Int
    let x: Int
    let width: Int
    /// The bar above the axis, and the one below it.
    let top: Int
    let height: Int
    let depth: Int
    let isSomething: Bool

    static let chartWidth = 360
    static let axis = 44
    static let chartHeight = 64

    static func all(_ parts: [Part]) -> [BarView] {
        let most = (
            up: max(1, parts.map(\.tally.delivered).max() ?? 1),
            down: max(1, parts.map(\.tally.failedAttempts).max() ?? 1)
        )
        let step = chartWidth / max(1, parts.count)
        return parts.enumerated().map { place, part in
            let height = scaled(part.tally.delivered, most.up, axis - 2)
            return BarView(
                words: part.words, delivered: part.tally.delivered, failedAttempts: part.tally.failedAttempts,
                failed: part.tally.failed, x: place * step + 1, width: step - 2, top: axis - height, height: height,
                depth: scaled(part.tally.failedAttempts, most.down, chartHeight - axis - 2),
                isSomething: part.tally.attempts > 0)
        }
    }

    /// At least two, however small it is beside the largest.
    private static func scaled(_ count: Int, _ most: Int, _ length: Int) -> Int {
        count == 0 ? 0 : max(2, count * length / most)
    }
}
