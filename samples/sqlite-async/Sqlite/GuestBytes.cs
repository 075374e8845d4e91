using System.Text;
using Fermata.Emscripten;

namespace Fermata.Samples.SqliteAsync;

/// <summary>Bytes on the heap of a program, a zero behind them, until they are disposed.</summary>
internal readonly record struct GuestBytes(EmscriptenInstance Instance, int Address, int Length) : IDisposable
{
    public static GuestBytes OfText(EmscriptenInstance instance, string text) => Of(instance, Encoding.UTF8.GetBytes(text));

    public static GuestBytes Of(EmscriptenInstance instance, ReadOnlySpan<byte> bytes)
    {
        var address = instance.GetFunction("malloc").Invoke(bytes.Length + 1)[0].AsI32();
        if (address == 0)
            throw new InsufficientMemoryException($"The program has no {bytes.Length + 1} bytes left.");
        var target = instance.Memory.GetSpan(address, bytes.Length + 1);
        bytes.CopyTo(target);
        target[^1] = 0;
        return new GuestBytes(instance, address, bytes.Length);
    }

    public void Dispose() => Instance.GetFunction("free").Invoke(Address);
}
