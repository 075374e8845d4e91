namespace Fermata.Wasi.Functions;

/// <summary>The sockets of WasmEdge, which it adds to preview 1: programs make them themselves. Of those that its versions have with different parameters, all.</summary>
internal static class WasmEdge
{
    public static readonly HostFunction[] Functions =
    [
        new("sock_accept", WasmEdgeSocketFunctions.SockAccept, WasmEdgeSocketFunctions.CompleteAccept),
        new("sock_bind", WasmEdgeSocketFunctions.SockBind),
        new("sock_connect", WasmEdgeSocketFunctions.SockConnect),
        new("sock_getaddrinfo", AddressFunctions.SockGetaddrinfo, AddressFunctions.CompleteGetaddrinfo),
        new("sock_getlocaladdr", AddressFunctions.SockGetlocaladdr),
        new("sock_getlocaladdr", AddressFunctions.SockGetlocaladdrWithoutType),
        new("sock_getpeeraddr", AddressFunctions.SockGetpeeraddr),
        new("sock_getpeeraddr", AddressFunctions.SockGetpeeraddrWithoutType),
        new("sock_getsockopt", SocketOptionFunctions.SockGetsockopt),
        new("sock_listen", WasmEdgeSocketFunctions.SockListen),
        new("sock_open", WasmEdgeSocketFunctions.SockOpen),
        new("sock_recv_from", WasmEdgeSocketFunctions.SockRecvFrom, WasmEdgeSocketFunctions.CompleteRecvFrom),
        new("sock_recv_from", WasmEdgeSocketFunctions.SockRecvFromWithoutPort, WasmEdgeSocketFunctions.CompleteRecvFromWithoutPort),
        new("sock_send_to", WasmEdgeSocketFunctions.SockSendTo, WasmEdgeSocketFunctions.CompleteSendTo),
        new("sock_setsockopt", SocketOptionFunctions.SockSetsockopt),
    ];
}
