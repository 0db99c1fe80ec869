import Notifications
import Repository

/// A state with a word and a shape of its own, so that nobody has to rely on its color.
struct StateView: Sendable {
    private(set) var word: String
    /// A character that draws the shape.
    private(set) var shape: String
    /// The CSS class for the color: good, bad, busy or idle.
    private(set) var severity: String

    init(_ state: DeliveryState) {
        word = state.rawValue
        switch state {
        case .due: (shape, severity) = ("◷", "busy")
        case .claimed: (shape, severity) = ("▷", "busy")
        case .delivered: (shape, severity) = ("✓", "good")
        case .failed: (shape, severity) = ("✕", "bad")
        case .skipped: (shape, severity) = ("○", "idle")
        case .cancelled: (shape, severity) = ("⊘", "idle")
        }
    }

    /// For a channel: that it fails is more than that it is enabled.
    init(_ condition: ChannelCondition) {
        word = condition.rawValue
        switch condition {
        case .failing: (shape, severity) = ("✕", "bad")
        case .enabled: (shape, severity) = ("●", "good")
        case .paused: (shape, severity) = ("‖", "busy")
        case .disabled: (shape, severity) = ("⊘", "bad")
        }
    }

    /// For a run, in the documented words.
    init(_ status: TestStatus) {
        word = status.text
        switch status {
        case .finished: (shape, severity) = ("✓", "good")
        case .failedThreshold, .abortedByThreshold, .abortedByScriptError, .timedOut, .abortedBySystem:
            (shape, severity) = ("✕", "bad")
        case .abortedByUser: (shape, severity) = ("⊘", "idle")
        default: (shape, severity) = ("▷", "busy")
        }
    }

    init(_ state: ReplayState) {
        word = state.rawValue
        switch state {
        case .running: (shape, severity) = ("▷", "busy")
        case .paused: (shape, severity) = ("‖", "busy")
        case .finished: (shape, severity) = ("✓", "good")
        case .cancelled: (shape, severity) = ("⊘", "idle")
        }
    }

    /// For a test. That recipients have yet to confirm is no mistake of anybody's.
    init(test verdict: String, _ finding: Finding?) {
        self.init(verdict: verdict)
        guard finding?.awaitsRecipients == true else { return }
        (word, shape, severity) = ("not confirmed yet", "◷", "busy")
    }

    /// For an attempt or a test, by its verdict. Tests are never retried, so the text does not announce a retry.
    init(verdict: String) {
        switch verdict {
        case "delivered": (word, shape, severity) = ("delivered", "✓", "good")
        case "retry": (word, shape, severity) = ("failed (temporary)", "↻", "busy")
        case "refused", "gone": (word, shape, severity) = ("failed (permanent)", "✕", "bad")
        case "interrupted": (word, shape, severity) = ("interrupted", "↻", "busy")
        default: (word, shape, severity) = (verdict, "✕", "bad")
        }
    }
}
