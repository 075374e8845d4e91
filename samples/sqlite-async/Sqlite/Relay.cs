using System.Collections.Concurrent;
using Fermata.Emscripten;

namespace Fermata.Samples.SqliteAsync;

/// <summary>
/// What wa-sqlite imports: functions that are named after the types of their parameters, by which SQLite calls methods of the host. The first argument says on which object,
/// the second, a C string, which method.
/// </summary>
internal sealed class Relay
{
    private readonly ConcurrentDictionary<int, Target> _targets = [];

    /// <summary>Methods of one object.</summary>
    /// <param name="caller">SQLite, until the method waits.</param>
    /// <param name="method">The name.</param>
    /// <param name="arguments">The arguments, until the method waits.</param>
    /// <param name="cancellationToken">Cancelled when nobody waits for the call any more.</param>
    public delegate ValueTask<Answer> Target(Caller caller, string method, ReadOnlySpan<long> arguments, CancellationToken cancellationToken);

    /// <summary>Adds an object under the key by which SQLite knows it.</summary>
    public void Add(int key, Target target) => _targets[key] = target;

    /// <summary>Gives a host the imports. Each has two steps: one that may wait, and one that writes results.</summary>
    public EmscriptenHost Define(EmscriptenHost host) => host
        .Define(
            "ippp_async",
            (Caller caller, int key, int method, int a, CancellationToken token) => CallAsync(caller, key, method, [a], token),
            (Caller caller, Answer answer, int key, int method, int a) => answer.Complete(caller))
        .Define(
            "ipppi_async",
            (Caller caller, int key, int method, int a, int b, CancellationToken token) => CallAsync(caller, key, method, [a, b], token),
            (Caller caller, Answer answer, int key, int method, int a, int b) => answer.Complete(caller))
        .Define(
            "ipppp_async",
            (Caller caller, int key, int method, int a, int b, CancellationToken token) => CallAsync(caller, key, method, [a, b], token),
            (Caller caller, Answer answer, int key, int method, int a, int b) => answer.Complete(caller))
        .Define(
            "ipppj_async",
            (Caller caller, int key, int method, int a, long b, CancellationToken token) => CallAsync(caller, key, method, [a, b], token),
            (Caller caller, Answer answer, int key, int method, int a, long b) => answer.Complete(caller))
        .Define(
            "ipppip_async",
            (Caller caller, int key, int method, int a, int b, int c, CancellationToken token) => CallAsync(caller, key, method, [a, b, c], token),
            (Caller caller, Answer answer, int key, int method, int a, int b, int c) => answer.Complete(caller))
        .Define(
            "ippppi_async",
            (Caller caller, int key, int method, int a, int b, int c, CancellationToken token) => CallAsync(caller, key, method, [a, b, c], token),
            (Caller caller, Answer answer, int key, int method, int a, int b, int c) => answer.Complete(caller))
        .Define(
            "vpppip_async",
            (Caller caller, int key, int method, int a, int b, int c, CancellationToken token) => CallAsync(caller, key, method, [a, b, c], token),
            (Caller caller, Answer answer, int key, int method, int a, int b, int c) => answer.Complete(caller))
        .Define(
            "ippppip_async",
            (Caller caller, int key, int method, int a, int b, int c, int d, CancellationToken token) => CallAsync(caller, key, method, [a, b, c, d], token),
            (Caller caller, Answer answer, int key, int method, int a, int b, int c, int d) => answer.Complete(caller))
        .Define(
            "ippppij_async",
            (Caller caller, int key, int method, int a, int b, int c, long d, CancellationToken token) => CallAsync(caller, key, method, [a, b, c, d], token),
            (Caller caller, Answer answer, int key, int method, int a, int b, int c, long d) => answer.Complete(caller))
        .Define(
            "ipppppip_async",
            (Caller caller, int key, int method, int a, int b, int c, int d, int e, CancellationToken token) => CallAsync(caller, key, method, [a, b, c, d, e], token),
            (Caller caller, Answer answer, int key, int method, int a, int b, int c, int d, int e) => answer.Complete(caller));

    private ValueTask<Answer> CallAsync(Caller caller, int key, int method, ReadOnlySpan<long> arguments, CancellationToken cancellationToken) =>
        _targets[key](caller, caller.Memory.ReadUtf8(method), arguments, cancellationToken);
}
