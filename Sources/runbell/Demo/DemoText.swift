import Notifications

/// What the demo prints.
enum DemoText {
    static func places(_ plan: ServicePlan, receiverPort: Int) -> String {
        var listing = Listing()
        listing.add("  Service", plan.listen.url)
        listing.add(
            "  Receiver", "http://127.0.0.1:\(receiverPort) (stands in for Slack, HipChat and your web hook)")
        listing.add("  Organization", "\(DemoOrganization.number), \(DemoOrganization.name), with three channels")
        listing.add("  Operator's key", plan.folder.operatorKey)
        listing.add("  Owner's key", plan.folder.ownerKey)
        listing.add("  Scheduler's key", plan.folder.schedulerKey)
        return "\nRunbell is running.\n\n" + listing.text
    }

    static func begin(_ load: DemoLoadTool, run: Int64) -> String {
        "\nRun \(run) starts: five seconds of \(load.name).\nThe receiver gets:\n"
    }

    static func end(code: Int32, arrived: Int, of expected: Int) -> String {
        "\nThe run ended with exit code \(code). \(arrived) of \(expected) notifications arrived."
    }

    static func next(_ plan: ServicePlan, _ load: DemoLoadTool, link: String, channel: String) -> String {
        let program = ShellWord.text(CommandLine.arguments[0])
        let (owner, scheduler, operatorKey) = (
            key(plan.folder.ownerKey), key(plan.folder.schedulerKey), key(plan.folder.operatorKey)
        )
        return """

            Open Runbell in a browser (a one-time sign-in link, valid for 15 minutes):

              \(link)

            Or run these in another terminal, in this folder:

              export RUNBELL_URL=\(plan.listen.url) RUNBELL_ORGANIZATION=1 RUNBELL_KEY=\(owner)
              \(program) channels list
              \(program) channels test \(channel)
              \(program) events list
              \(program) audit list
              RUNBELL_KEY=\(operatorKey) \(program) login-link --user 1     # another link

            Run your own load test:

              export RUNBELL_KEY=\(scheduler)
              \(program) watch --project 1 --load-test 1 --user 1 --name "My test" -- \(load.k6) run examples/load-test.js

            Notifications appear here as they arrive. Press Ctrl-C to stop; the next start continues with the same data.

            """
    }

    private static func key(_ file: String) -> String { "\"$(cat \(ShellWord.text(file)))\"" }
}
