"""Who may do what: every route of the API, and the answer that each kind of caller gets."""

from dataclasses import dataclass

CALLERS = ("owner", "admin", "member", "service", "operator", "foreign", "nobody")

# {org}, {channel}, {key}, {user}, {delivery}, {event}, {replay} and {revision} name things that were made for the one
# request; {room} is any text.
# The last column tells whether the request, where it is allowed, changes something that the audit log must tell of, and
# whether in two entries: one channel is made, and another one removed; or what is tested, and what came of it.
TABLE = """
request                                    owner admin member service operator foreign nobody  audited
PUT    /v1/organizations/{org}             403   403   403    403     200      404     401     yes
PATCH  /v1/organizations/{org}             200   200   403    403     403      404     401     yes
GET    /v1/organizations/{org}             200   200   200    403     200      404     401     no

GET    {org}/members                       200   200   403    403     403      404     401     no
GET    {org}/members/{user}                200   200   403    403     403      404     401     no
PUT    {org}/members/{new_user}            201   201   403    403     403      404     401     yes
PUT    {org}/members/{user}                200   200   403    403     403      404     401     yes
DELETE {org}/members/{user}                204   204   403    403     403      404     401     yes

GET    {org}/keys                          200   200   403    403     200      404     401     no
POST   {org}/keys                          201   201   403    403     201      404     401     yes
GET    /v1/key                             200   200   200    200     403      200     401     no
DELETE {org}/keys/{key}                    204   204   403    403     204      404     401     yes

POST   {org}/login-links                   403   403   403    403     201      404     401     yes

GET    /v1/channel-kinds                   200   200   200    200     200      200     401     no
POST   /v1/channel-kinds/recognize         200   200   200    200     200      200     401     no

GET    {org}/channels                      200   200   200    403     403      404     401     no
GET    {org}/channels/{channel}            200   200   200    403     403      404     401     no
POST   {org}/channels                      201   201   403    403     403      404     401     yes
PUT    {org}/channels/{channel}            200   200   403    403     403      404     401     yes
DELETE {org}/channels/{channel}            204   204   403    403     403      404     401     yes
POST   {org}/channels/test                 200   200   403    403     403      404     401     twice
POST   {org}/channels/{channel}/test       200   200   403    403     403      404     401     twice
GET    {org}/channels/{channel}/tests      200   200   403    403     403      404     401     no
POST   {org}/channels/{channel}/move       201   201   403    403     403      404     401     twice
POST   {org}/channels/{channel}/pause      200   200   403    403     403      404     401     yes
POST   {org}/channels/{channel}/resume     200   200   403    403     403      404     401     yes
POST   {org}/channels/preview              200   200   403    403     403      404     401     no
GET    {org}/channels/{channel}/revisions  200   200   403    403     403      404     401     no
POST   {org}/channels/{channel}/revisions/1/restore
                                           200   200   403    403     403      404     401     yes
POST   {org}/channels/{channel}/rotate-secret
                                           200   200   403    403     403      404     401     yes

POST   /v1/events                          403   403   403    202     403      404     401     no
POST   /v1/events/batch                    403   403   403    202     403      403     401     no
POST   /v2/room/{room}/notification        403   403   403    204     403      403     401     no
GET    {org}/events                        200   200   200    403     403      404     401     no
GET    {org}/events/{event}                200   200   200    403     403      404     401     no
GET    {org}/events/{event}/progress       200   200   200    200     403      404     401     no
GET    {org}/events/live                   200   200   200    403     403      404     401     no

GET    {org}/deliveries                    200   200   200    403     403      404     401     no
GET    {org}/deliveries/{delivery}         200   200   200    403     403      404     401     no
POST   {org}/deliveries/{delivery}/retry   202   202   403    403     403      404     401     yes

POST   {org}/replays                       202   202   403    403     403      404     401     yes
GET    {org}/replays                       200   200   403    403     403      404     401     no
GET    {org}/replays/{replay}              200   200   403    403     403      404     401     no
POST   {org}/replays/{replay}/pause        200   200   403    403     403      404     401     yes
POST   {org}/replays/{replay}/resume       200   200   403    403     403      404     401     yes
POST   {org}/replays/{replay}/cancel       200   200   403    403     403      404     401     yes

GET    {org}/ledger                        200   200   403    403     403      404     401     no
GET    /v1/ledger                          403   403   403    403     200      403     401     no

GET    {org}/audit-log                     200   200   403    403     403      404     401     no
GET    {org}/audit-log/export              200   200   403    403     403      404     401     no
GET    {org}/audit-log/head                200   200   403    403     403      404     401     no
GET    /v1/audit-log                       403   403   403    403     200      403     401     no
GET    /v1/audit-checkpoints               403   403   403    403     200      403     401     no

GET    /v1/organizations                   403   403   403    403     200      403     401     no
GET    /v1/nodes                           403   403   403    403     200      403     401     no
"""


@dataclass(frozen=True)
class Route:
    method: str
    path: str
    statuses: tuple[int, ...]
    entries: int

    @property
    def title(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def is_in_organization(self) -> bool:
        return "{org}" in self.path


ENTRIES = {"no": 0, "yes": 1, "twice": 2}
NAMING_NONE = (
    "/v1/events/batch",
    "/v2/room/{room}/notification",
    "/v1/key",
    "/v1/ledger",
    "/v1/audit-log",
    "/v1/audit-checkpoints",
    "/v1/nodes",
    "/v1/organizations",
)


@dataclass(frozen=True)
class Cell:
    route: Route
    caller: str
    status: int

    @property
    def title(self) -> str:
        return f"{self.route.title}-{self.caller}-{self.status}"

    @property
    def audit_entries(self) -> int:
        """The entries that the request adds to the organization's audit log."""
        # These name no organization: a refusal stands in the caller's own log, and the operator has none.
        is_elsewhere = self.route.path in NAMING_NONE and self.caller in ("operator", "foreign")
        is_refusal = self.status == 403 and not is_elsewhere
        if self.status < 300:
            return self.route.entries
        return 1 if is_refusal else 0


def routes() -> list[Route]:
    words = TABLE.split()[len(CALLERS) + 2 :]
    width = len(CALLERS) + 3
    rows = [words[start : start + width] for start in range(0, len(words), width)]
    found = []
    for method, path, *statuses, audited in rows:
        full = path if path.startswith("/") else "/v1/organizations/" + path
        found.append(Route(method, full, tuple(map(int, statuses)), ENTRIES[audited]))
    return found


def cells() -> list[Cell]:
    return [
        Cell(route, caller, status)
        for route in routes()
        for caller, status in zip(CALLERS, route.statuses, strict=True)
    ]
