import Notifications

extension DeliveryExplanation.Wait {
    /// Whether the delivery `d` waits for the start of its run, and until when its channel, whose health is `h`, has sent
    /// what it may.
    static let columns = "CASE WHEN d.waits_for IS NULL THEN 0 ELSE 1 END, \(ShownTime.of("h.paced_until"))"

    init?(_ row: any SQLRow, from column: Int) {
        if row.optionalInteger(column) == 1 {
            self = .start
        } else if let end = row.optionalTime(column + 1) {
            self = .rate(until: end)
        } else {
            return nil
        }
    }
}
