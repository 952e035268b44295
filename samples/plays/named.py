"""The six samples and their relatives: a server keeps the mapping of a name, a client opens it and reads."""
from .actor import WHY
from .scene import Scene

PROMPT = "Press ENTER to clean up resources and quit"
SERVER_SAYS = f"""The file mapping (Local\\SampleMap) is created
The file view is mapped
This message is written to the view:
"Message from the first process."
{PROMPT}"""
CLIENT_SAYS = f"""The file mapping (Local\\SampleMap) is opened
The file view is mapped
Read from the file mapping:
"Message from the first process."
{PROMPT}"""

# language: folder, and for clients what they say when there is no mapping of this name.
SERVERS = {
    "C++": "CppFileMappingServer",
    "C#": "CSFileMappingServer",
    "VB": "VBFileMappingServer",
    "Python": "PythonFileMappingServer",
    "C# Win32": "CSFileMappingServerWin32",
}
FINDS_NOTHING = f"fm_open failed w/err 0x00000002 (FM_E_NOT_FOUND): fm_open: Local\\SampleMap: {WHY}\n"
THROWS = f"The process throws the error: fm_open: Local\\SampleMap: {WHY} (FM_E_NOT_FOUND)\n"
CLIENTS = {
    "C++": ("CppFileMappingClient", FINDS_NOTHING),
    "C#": ("CSFileMappingClient", THROWS),
    "VB": ("VBFileMappingClient", THROWS),
    "Python": ("PythonFileMappingClient", THROWS),
    "C++ Win32": ("CppFileMappingClientWin32", "OpenFileMapping failed w/err 0x00000002\n"),
}


def waiting_server(cast, language):
    server = cast.start(f"{language} server", SERVERS[language])
    server.waits_after(SERVER_SAYS, PROMPT)
    return server


def waiting_client(cast, language):
    client = cast.start(f"{language} client", CLIENTS[language][0])
    client.waits_after(CLIENT_SAYS, PROMPT)
    return client


def client_finds_nothing(cast, language):
    folder, says = CLIENTS[language]
    cast.start(f"{language} client", folder).ends_with(1, says)


def pairing(cast, server, client):
    first = waiting_server(cast, server)
    waiting_client(cast, client).leaves()
    first.leaves()


def client_too_late(cast, server, client):
    waiting_server(cast, server).leaves()
    client_finds_nothing(cast, client)


def server_killed(cast, server, client):
    waiting_server(cast, server).is_killed()
    client_finds_nothing(cast, client)


def two_servers(cast, server, other_server, client):
    """The second finds the mapping of the first, writes to it too, and keeps it when the first has left."""
    first = waiting_server(cast, server)
    second = waiting_server(cast, other_server)
    waiting_client(cast, client).leaves()
    first.leaves()
    waiting_client(cast, client).leaves()
    second.leaves()
    client_finds_nothing(cast, client)


def scenes(stage):
    both = list(zip(stage.servers, stage.clients))
    for server in stage.servers:
        for client in stage.clients:
            yield Scene(f"{server} server, {client} client", pairing, (server, client), "servers down, clients across")
    for client in stage.clients:
        yield Scene(f"{client} client without a server", client_finds_nothing, (client,))
    for server, client in both:
        yield Scene(f"{client} client after the {server} server has ended", client_too_late, (server, client))
    if stage.can_kill:
        for server, client in both:
            yield Scene(f"{client} client after the {server} server was killed", server_killed, (server, client))
    for server, client in both:
        yield Scene(f"{server} server twice, {client} clients", two_servers, (server, server, client))
    for server, other, client in zip(stage.servers, reversed(stage.servers), stage.clients):
        yield Scene(f"{server} server, then {other} server, {client} clients", two_servers, (server, other, client))
