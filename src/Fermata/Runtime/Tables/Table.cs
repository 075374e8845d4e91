using System.Globalization;
using Fermata.Runtime;
using Fermata.Validation;

namespace Fermata;

/// <summary>A table of references: functions for indirect calls, or objects of the host.</summary>
/// <remarks>WebAssembly 3.0, section 4.2.8 "Table Instances".</remarks>
public sealed class Table
{
    /// <summary>The most elements that a table of this engine can have, whatever its type allows.</summary>
    /// <remarks>Appendix "Implementation Limitations"; the JavaScript interface has the same limit.</remarks>
    public const int MaxLength = 10_000_000;

    /// <summary>The elements, and room for more: those from <see cref="Size"/> on are null and out of bounds.</summary>
    internal object?[] Elements;

    internal int Size;

    private readonly TableType _declaredType;

    /// <summary>Makes a table, to be given to a module as an import.</summary>
    /// <param name="store">The store in which it lives.</param>
    /// <param name="type">Its type; the table has the minimal size at first.</param>
    /// <param name="initial">The value of its elements at first.</param>
    /// <exception cref="ArgumentException">
    /// <paramref name="initial"/> does not have the element type, or the type's limits contradict each other.
    /// </exception>
    /// <exception cref="InvalidOperationException">The type refers to one of a module that is gone (<see cref="HeapType"/>).</exception>
    /// <exception cref="InsufficientMemoryException">
    /// The minimal size is beyond <see cref="MaxLength"/>, or there is no memory for it.
    /// </exception>
    /// <exception cref="ResourceLimitException">The store's limiter refuses it.</exception>
    public Table(Store store, TableType type, object? initial = null)
        : this(store, type, initial, isCounted: false)
    {
    }

    /// <param name="store">The store.</param>
    /// <param name="type">Its type.</param>
    /// <param name="initial">The value of its elements at first.</param>
    /// <param name="isCounted">Whether the store's limiter was asked for it.</param>
    /// <param name="mayBeNull">Whether elements are set before code sees them, so that they may be null until then.</param>
    internal Table(Store store, TableType type, object? initial, bool isCounted, bool mayBeNull = false)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(type);
        type.Limits.RequireConsistent(nameof(type));
        Store = store;
        _declaredType = type;
        ElementDefinition = store.Engine.Types.Definition(type.Element);
        if (!mayBeNull)
            RequireElement(initial, nameof(initial));
        if (type.Limits.Min > MaxLength)
            throw NoRoom();
        if (!isCounted)
            store.Resources.Reserve([(StoreResource.Tables, 1), (StoreResource.TableElements, (long)type.Limits.Min)]);

        Elements = Allocate((int)type.Limits.Min) ?? throw NoRoom();
        Size = Elements.Length;
        if (initial is not null)
            Array.Fill(Elements, initial);
    }

    /// <summary>The type of the table; its minimal size is the present one, as matching an import needs it.</summary>
    public TableType Type =>
        _declaredType.Limits.Min == (ulong)Size
            ? _declaredType
            : _declaredType with { Limits = _declaredType.Limits with { Min = (ulong)Size } };

    /// <summary>The number of elements.</summary>
    public int Length => Size;

    internal Store Store { get; }

    /// <summary>What the elements refer to, if that is a defined type; kept, as <see cref="Type"/> has only its identity.</summary>
    internal DefinedType? ElementDefinition { get; }

    private ulong Limit => Math.Min(_declaredType.Limits.Max ?? MaxLength, MaxLength);

    /// <summary>An element.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such element.</exception>
    public object? Get(int index)
    {
        RequireIndex(index);
        return Elements[index];
    }

    /// <summary>An element as an object of a class; null if it is null.</summary>
    /// <param name="index">Its index.</param>
    /// <typeparam name="T">The class.</typeparam>
    /// <exception cref="ArgumentOutOfRangeException">There is no such element.</exception>
    /// <exception cref="InvalidCastException">The element is an object of another class.</exception>
    public T? Get<T>(int index)
        where T : class
    {
        var element = Get(index);
        return element as T ?? (element is null ? null : throw WrongObject(index, typeof(T), element));
    }

    /// <summary>A function that can be called, as <c>call_indirect</c> finds it.</summary>
    /// <param name="index">Its index: what a function pointer is in C.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such element: "undefined element".</exception>
    /// <exception cref="InvalidOperationException">The element is null: "uninitialized element".</exception>
    /// <exception cref="InvalidCastException">The element is no function.</exception>
    public Function GetFunction(int index)
    {
        if ((uint)index >= (uint)Size)
            throw new ArgumentOutOfRangeException(nameof(index), $"undefined element: {OutsideOf(index)}");
        return Get<Function>(index)
            ?? throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"uninitialized element {index}: there is no function to call"));
    }

    /// <summary>Replaces an element.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such element.</exception>
    /// <exception cref="ArgumentException">The value does not have the element type.</exception>
    public void Set(int index, object? value)
    {
        RequireIndex(index);
        RequireElement(value, nameof(value));
        Elements[index] = value;
    }

    /// <summary>Adds elements at the end.</summary>
    /// <param name="delta">How many.</param>
    /// <param name="value">Their value.</param>
    /// <returns>The length before; -1 if the table cannot grow so far, and then nothing has changed.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="delta"/> is negative.</exception>
    /// <exception cref="ArgumentException">The value does not have the element type.</exception>
    public int Grow(int delta, object? value = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(delta);
        RequireElement(value, nameof(value));
        return (int)(long)TryGrow(context: null, (ulong)delta, value);
    }

    /// <summary>Grows as <c>table.grow</c> does, without a look at the value; its -1 for failure is <see cref="ulong.MaxValue"/>.</summary>
    /// <param name="context">The code that grows it; null for the host. If its call is to end before that is done, the table has not grown.</param>
    /// <param name="delta">How many elements.</param>
    /// <param name="value">Their value.</param>
    internal ulong TryGrow(StoreContext? context, ulong delta, object? value)
    {
        if (delta > Limit - (ulong)Size || !Store.Resources.TryReserve(StoreResource.TableElements, (long)delta))
            return ulong.MaxValue;
        var oldSize = ulong.MaxValue;
        try
        {
            oldSize = TryExtend(context, delta, value);
        }
        finally
        {
            if (oldSize == ulong.MaxValue)
                Store.Resources.Release(StoreResource.TableElements, (long)delta);
        }

        return oldSize;
    }

    private ulong TryExtend(StoreContext? context, ulong delta, object? value)
    {
        int oldSize = Size;
        if (delta > Limit - (ulong)oldSize)
            return ulong.MaxValue;
        int newSize = oldSize + (int)delta;
        if (!BulkWork.TryBeginAllocation(context, (long)delta * IntPtr.Size))
            return ulong.MaxValue;
        if (newSize > Elements.Length)
        {
            // Doubling makes a loop that grows by one linear.
            int capacity = (int)Math.Clamp(2ul * (ulong)Elements.Length, (ulong)newSize, Limit);
            if ((Allocate(capacity) ?? Allocate(newSize)) is not { } grown)
                return ulong.MaxValue;
            Array.Copy(Elements, grown, oldSize);
            Elements = grown;
        }
        var added = Elements.AsSpan(oldSize, (int)delta);
        if (value is not null && !BulkWork.Fill(context, added, value))
        {
            // Elements beyond the end are null.
            added.Clear();
            return ulong.MaxValue;
        }

        Size = newSize;
        return (ulong)oldSize;
    }

    /// <summary>Makes the table larger, by elements that are null, for which the limiter was asked.</summary>
    /// <returns>Whether there was room.</returns>
    internal bool TryResize(int length) => TryExtend(context: null, (ulong)(length - Size), value: null) != ulong.MaxValue;

    private static object?[]? Allocate(int length)
    {
        try
        {
            return length == 0 ? [] : new object?[length];
        }
        catch (OutOfMemoryException)
        {
            return null;
        }
    }

    private void RequireIndex(int index)
    {
        if ((uint)index >= (uint)Size)
            throw new ArgumentOutOfRangeException(nameof(index), OutsideOf(index));
    }

    private string OutsideOf(int index) =>
        string.Create(CultureInfo.InvariantCulture, $"index {index} is outside the table, which has {Size} elements");

    private static InvalidCastException WrongObject(int index, Type wanted, object found) =>
        new(string.Create(CultureInfo.InvariantCulture, $"element {index} is a {found.GetType()}, not a {wanted}"));

    private void RequireElement(object? value, string parameter)
    {
        if (!ReferenceTyping.Matches(value, _declaredType.Element, Store))
            throw new ArgumentException(
                $"a table of {_declaredType.Element} cannot hold {ReferenceConversion.Describe(value, Store)}", parameter);
    }

    private InsufficientMemoryException NoRoom() =>
        new($"no room for a table of {_declaredType.Limits.Min} elements (at most {MaxLength} are possible)");
}
