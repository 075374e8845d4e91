using System.Diagnostics.CodeAnalysis;

namespace Fermata;

/// <summary>Makes bytes of objects of the host that WebAssembly code refers to, for snapshots, and such objects of bytes.</summary>
public abstract class ReferenceCodec
{
    /// <summary>A codec.</summary>
    /// <param name="name">Its name in snapshots, by which the one that reads is found. It should not change as long as there are snapshots.</param>
    protected ReferenceCodec(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        Name = name;
    }

    /// <summary>The name in snapshots.</summary>
    public string Name { get; }

    /// <summary>What an object is as bytes.</summary>
    /// <param name="value">The object.</param>
    /// <param name="data">The bytes.</param>
    /// <returns>Whether the codec is for such objects; if not, others are asked.</returns>
    public abstract bool TryWrite(object value, [NotNullWhen(true)] out byte[]? data);

    /// <summary>An object for bytes that <see cref="TryWrite"/> gave, or that somebody else wrote into the snapshot.</summary>
    /// <param name="data">The bytes.</param>
    /// <returns>The object. One that was referred to from several places is asked for once.</returns>
    /// <exception cref="Exception">They are none of the codec; the snapshot is refused then.</exception>
    public abstract object Read(byte[] data);

    /// <summary>A codec for the objects of a class.</summary>
    /// <param name="name">The name in snapshots.</param>
    /// <param name="write">Makes bytes of an object.</param>
    /// <param name="read">Makes an object of bytes.</param>
    /// <typeparam name="T">The class.</typeparam>
    public static ReferenceCodec For<T>(string name, Func<T, byte[]> write, Func<byte[], T> read)
        where T : notnull
    {
        ArgumentNullException.ThrowIfNull(write);
        ArgumentNullException.ThrowIfNull(read);
        return new Typed<T>(name, write, read);
    }

    private sealed class Typed<T>(string name, Func<T, byte[]> write, Func<byte[], T> read) : ReferenceCodec(name)
        where T : notnull
    {
        public override bool TryWrite(object value, [NotNullWhen(true)] out byte[]? data)
        {
            data = value is T typed ? write(typed) : null;
            return data is not null;
        }

        public override object Read(byte[] data) => read(data);
    }
}
