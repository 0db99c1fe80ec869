import CPostgres
import Foundation
import Glibc

/// A PostgreSQL server of the tests' own, on a Unix socket in a temporary folder: no port, no password, no fsync. It ends
/// with this process, however that ends, and nothing is left of it.
package final class PostgresServer: Sendable {
    /// Started by the first test that needs it.
    package static let shared = Result { try PostgresServer() }

    /// The folder of `initdb` and `postgres`; nil where no server is installed.
    package static let programs: String? = {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
        let debian = (try? FileManager.default.contentsOfDirectory(atPath: "/usr/lib/postgresql")) ?? []
        let places =
            debian.sorted().reversed().map { "/usr/lib/postgresql/\($0)/bin" }
            + path.split(separator: ":").map(String.init)
        return places.first { FileManager.default.isExecutableFile(atPath: "\($0)/initdb") }
    }()

    /// Whether tests use it: CI must not pass without it. `RUNBELL_TEST_POSTGRES=no` leaves it out.
    package static var isExpected: Bool {
        let environment = ProcessInfo.processInfo.environment
        guard environment["RUNBELL_TEST_POSTGRES"] != "no" else { return false }
        return programs != nil || environment["CI"].map { !$0.isEmpty } == true
    }

    /// May do everything, and sees every row.
    package static let administrator = "postgres"
    /// The service's own role, for which row-level security holds.
    package static let role = "runbell"
    private let folder: String
    /// The server ends when this is closed.
    private let life = Pipe()

    package init() throws {
        guard let programs = Self.programs else { throw PostgresTestFailure("PostgreSQL 15 is not installed") }
        folder = try Self.makeFolder()
        let script = Process()
        // The server refuses to run as root, who lets `nobody` do it.
        let isRoot = geteuid() == 0
        let asNobody = isRoot ? ["/usr/bin/setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"] : []
        let command = asNobody + ["/bin/sh", "-c", Self.script, "sh", programs, folder, Self.administrator]
        script.executableURL = URL(fileURLWithPath: command[0])
        script.arguments = Array(command.dropFirst())
        script.standardInput = life
        script.standardOutput = FileHandle.nullDevice
        script.standardError = FileHandle.nullDevice
        script.currentDirectoryURL = URL(fileURLWithPath: folder)
        try script.run()
        let end = Date() + 120
        while PQping(address("postgres", as: Self.administrator)) != PQPING_OK {
            guard script.isRunning, Date() < end else {
                throw PostgresTestFailure("PostgreSQL did not start; see \(folder)/log")
            }
            usleep(20_000)
        }
    }

    /// Where libpq finds a database; through another socket's folder if there is one.
    package func address(_ database: String, as role: String = role, through other: String? = nil) -> String {
        "postgresql://\(role)@/\(database)?host=\(other ?? folder)"
    }

    /// The path of the server's socket.
    package var socket: String { "\(folder)/.s.PGSQL.5432" }

    private static let script = """
        set -e
        "$1/initdb" -D "$2/data" -U "$3" -A trust --no-sync -E UTF8 --locale=C >"$2/log" 2>&1
        "$1/postgres" -D "$2/data" -k "$2" -c listen_addresses= -c fsync=off -c full_page_writes=off -c max_connections=200 \
            -c max_parallel_workers_per_gather=0 -c autovacuum_naptime=10s >>"$2/log" 2>&1 &
        server=$!
        read -r line || true
        kill -QUIT "$server"
        wait "$server" || true
        rm -rf "$2"
        """

    private static func makeFolder() throws -> String {
        // A socket's path must be short.
        var name = Array("/tmp/runbell-pg-XXXXXX".utf8CString)
        guard mkdtemp(&name) != nil else { throw PostgresTestFailure("no temporary folder") }
        let folder = String(decoding: name.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        if geteuid() == 0, let nobody = getpwnam("nobody") {
            chown(folder, nobody.pointee.pw_uid, nobody.pointee.pw_gid)
        }
        return folder
    }
}

/// Why a test has no PostgreSQL.
package struct PostgresTestFailure: Error, CustomStringConvertible {
    package let description: String

    package init(_ description: String) {
        self.description = description
    }
}
