import EventRouting
import Notifications
import WebServing

/// The form of a channel, new or saved: it shows the saved values, or the typed ones with their errors.
struct ChannelFormView: Sendable {
    let id: String
    let kind: String
    let kindName: String
    let summary: String
    /// The targets of Save and Test Hook.
    let action: String
    let testAction: String
    let formToken: String
    /// Of a form that creates a channel: tells it from others.
    let creation: String?
    let origin: String
    let channel: String?
    let version: Int64?
    let name: String
    let nameError: String?
    let isNameFirst: Bool
    /// Required fields, and the others.
    let main: [FieldView]
    let more: [FieldView]
    let hasMore: Bool
    let isMoreOpen: Bool
    /// The maximum of deliveries per minute; nil if the form has no field for it.
    let rate: RateView?
    let subscription: SubscriptionView?
    let mistakes: ErrorSummary?
    /// Errors that belong to no field of the form.
    let errors: [String]
    let result: TestResultView?
    let conflict: ConflictView?
    let isLocked: Bool
    let saveLabel: String
    /// Whether it contains what somebody typed and did not save.
    let isTyped: Bool
    /// Of a card: that there are more channels of its kind.
    var siblings: SiblingsView?
}

/// Which channel a card is about, if there are several of its kind.
struct SiblingsView: Sendable {
    let name: String
    let path: String
    /// How many there are of the kind.
    let count: Int
    let listPath: String

    /// Nil if there is only one.
    init?(of saved: Channel?, _ kind: any ChannelKind, count: Int, in page: PageContext) {
        guard let saved, count > 1 else { return nil }
        name = DisplayText.line(saved.name)
        path = page.path("channels/\(saved.id)")
        self.count = count
        listPath = page.path("notifications?q=\(PercentEncoding.encode(kind.name))#all-title")
    }
}

/// The field for a channel's own rate limit.
struct RateView: Sendable {
    let value: String
    let standard: String
    let error: String?

    init(_ kind: any ChannelKind, _ saved: Channel?, _ typed: ChannelForm?, _ errors: [ValidationError]) {
        value = typed?.fields.text("max_per_minute") ?? saved?.maxPerMinute.map { String($0) } ?? ""
        standard = kind.rate.map { "\($0.perMinute), the limit of \(kind.name)" } ?? "no limit"
        error = errors.message(of: "max_per_minute")
    }
}

/// Where a form appears.
enum ChannelFormOrigin: String, Sendable {
    /// A card on the Notifications page: the address and Save, as in the original service.
    case card
    /// A page of its own.
    case page
}

extension ChannelFormView {
    /// The result of the last request with this form.
    struct Outcome: Sendable {
        var errors: [ValidationError] = []
        var result: TestResultView?
        var conflict: ConflictView?
        /// That the form is based on from now on; nil if that has not changed.
        var version: Int64?

        /// The form is from an earlier session.
        static let stale = Outcome(errors: [.staleForm])

        /// Whether the form was not accepted.
        var isRefusal: Bool { !errors.isEmpty || conflict != nil }
    }

    init(
        kind: any ChannelKind, saved: Channel?, typed: ChannelForm? = nil, origin: ChannelFormOrigin,
        in page: PageContext, fingerprint: String? = nil, outcome: Outcome = Outcome()
    ) {
        let id = saved.map { "channel-\($0.id)" } ?? kind.id
        let isLocked = !page.mayAdminister
        let shown = typed.flatMap { $0.draft(replacing: saved)["settings"]?.object } ?? saved?.settings.masked(by: kind)
        let fields = kind.fields.map { field in
            FieldView(
                field, of: id, value: shown?[field.key], fingerprint: fingerprint, errors: outcome.errors,
                isLocked: isLocked)
        }
        let required = Set(kind.fields.filter(\.isRequired).map { "settings.\($0.key)" })
        let more = fields.filter { !required.contains($0.name) }
        let isPage = origin == .page
        let parts = SubscriptionRule.all.map { "subscription.\($0.key)" }
        let known = Set(fields.map(\.name) + ["name", "max_per_minute"] + (isPage ? parts : []))
        let name = typed?.fields.text("name") ?? saved?.name ?? kind.name
        self.init(
            id: id, kind: kind.id, kindName: kind.name, summary: kind.summary,
            action: page.path("channels") + (saved.map { "/\($0.id)" } ?? ""), testAction: page.path("channels/test"),
            formToken: page.visitor.formToken,
            creation: saved == nil ? (typed?.token ?? RandomToken()).reveal() : nil, origin: origin.rawValue,
            channel: saved?.id.text,
            version: outcome.conflict?.version ?? outcome.version ?? typed?.version ?? saved?.version, name: name,
            nameError: outcome.errors.message(of: "name"), isNameFirst: isPage,
            main: fields.filter { required.contains($0.name) }, more: more, hasMore: !isPage || !more.isEmpty,
            isMoreOpen: more.contains { $0.error != nil || $0.isSet && (isPage || typed != nil) }
                || !isPage && outcome.errors.message(of: "name") != nil,
            rate: isPage ? RateView(kind, saved, typed, outcome.errors) : nil,
            subscription: isPage ? Self.subscription(saved, typed, outcome.errors, isLocked) : nil,
            mistakes: ErrorSummary(outcome.errors, places: Self.places(of: fields, in: id, isPage: isPage)),
            errors: outcome.errors.filter { !known.contains($0.field) }.map(\.message), result: outcome.result,
            conflict: outcome.conflict, isLocked: isLocked,
            saveLabel: outcome.conflict == nil ? "Save" : "Overwrite with mine", isTyped: typed != nil)
    }

    /// The fields, in the order of the form.
    private static func places(
        of fields: [FieldView], in form: String, isPage: Bool
    ) -> [ErrorSummary.Place] {
        let own = fields.map { ErrorSummary.Place(field: $0.name, label: $0.label, target: $0.id) }
        let name = ErrorSummary.Place(field: "name", label: "Name", target: "\(form)-name")
        guard isPage else { return own + [name] }
        let rules = SubscriptionRule.all.map { rule in
            ErrorSummary.Place(field: "subscription.\(rule.key)", label: rule.label, target: rule.option)
        }
        return [name] + own + rules + [.init(field: "max_per_minute", label: "Rate limit", target: "rate")]
    }

    private static func subscription(
        _ saved: Channel?, _ typed: ChannelForm?, _ errors: [ValidationError], _ isLocked: Bool
    ) -> SubscriptionView {
        if let typed, typed.hasSubscription { return SubscriptionView(typed.fields, errors: errors) }
        return SubscriptionView(saved?.subscription ?? .everything, isLocked: isLocked)
    }
}
