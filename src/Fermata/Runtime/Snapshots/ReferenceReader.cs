using System.Runtime.Intrinsics;
using Fermata.Structure;
using Fermata.Validation;

namespace Fermata.Runtime;

/// <summary>Reads what <see cref="ReferenceWriter"/> writes, and lets no reference be where its type does not allow it.</summary>
/// <param name="input">Where from.</param>
/// <param name="store">The store.</param>
/// <param name="modules">The modules, by their numbers.</param>
/// <param name="instances">The instances so far, by their numbers.</param>
/// <param name="tags">The tags so far, by their numbers.</param>
/// <param name="codecs">What makes objects of the host.</param>
internal sealed class ReferenceReader(
    SnapshotInput input, Store store, List<Module> modules, List<Instance> instances, List<Tag> tags, IReadOnlyList<ReferenceCodec> codecs)
{
    private readonly List<object> _known = [];
    private readonly Queue<(object Value, AggregateClass? Class)> _open = new();

    /// <summary>Reads a reference.</summary>
    /// <param name="type">The type of its place.</param>
    public object? Read(ValType type)
    {
        var kind = (ReferenceKind)input.Byte();
        var value = kind switch
        {
            ReferenceKind.Null => null,
            ReferenceKind.I31 => I31.From((int)input.Signed()),
            ReferenceKind.Function => ReadFunctionOfInstance(),
            ReferenceKind.Known => _known[input.Below(_known.Count, "object")],
            ReferenceKind.Struct or ReferenceKind.Array => Add(ReadAggregate(kind)),
            ReferenceKind.Exception => Add(ReadException()),
            ReferenceKind.External => Add(ReadExternal()),
            _ => throw SnapshotInput.Damaged($"a reference is of kind {(byte)kind}"),
        };
        return Fits(value, type) ? value : throw SnapshotInput.Damaged($"it has {ReferenceConversion.Describe(value, store)} where {type} belongs");
    }

    /// <summary>Reads references one after the other.</summary>
    public void Read(Span<object?> values, ValType type)
    {
        foreach (ref var value in values)
            value = Read(type);
    }

    /// <summary>Reads a function that cannot be null.</summary>
    public Function ReadFunction() => (ReferenceKind)input.Byte() == ReferenceKind.Function ? ReadFunctionOfInstance() : throw SnapshotInput.Damaged("it has no function where one belongs");

    /// <summary>Reads what lies in the objects that came so far, and in those that come with it.</summary>
    public void ReadContents()
    {
        while (_open.TryDequeue(out var open))
        {
            switch (open.Class)
            {
                case StructClass structure:
                    ReadFields(open.Value, structure);
                    break;
                case ArrayClass array:
                    ReadElements((Array)open.Value, array);
                    break;
                default:
                    ReadValues((WasmException)open.Value);
                    break;
            }
        }

        if (input.Number() != SnapshotFormat.EndMark)
            throw SnapshotInput.Damaged("there is more in objects than they can hold");
    }

    /// <summary>Whether a reference may be in a place. No host can have an exception reference, so that <see cref="ReferenceTyping"/> does not know them.</summary>
    private bool Fits(object? value, ValType type) => value switch
    {
        null => type.IsNullable,
        Exception when type.Heap == HeapType.Exn => true,
        _ => ReferenceTyping.Matches(value, type, store),
    };

    private object Add(object value)
    {
        _known.Add(value);
        return value;
    }

    private Function ReadFunctionOfInstance()
    {
        var instance = instances[input.Below(instances.Count, "instance")];
        return instance.FunctionAt(input.Below(instance.Module.Definition.Functions.Count, "function"));
    }

    private object ReadAggregate(ReferenceKind kind)
    {
        var module = modules[input.Below(modules.Count, "module")];
        var type = module.Types.Types[input.Below(module.Types.Types.Length, "type")];
        return (kind, type.Composite) switch
        {
            (ReferenceKind.Struct, StructType) => Create(module.Code.Struct(type)),
            (ReferenceKind.Array, ArrayType) => Create(module.Code.Array(type)),
            _ => throw SnapshotInput.Damaged("an object is of a type that is none of its kind"),
        };
    }

    private object Create(StructClass type)
    {
        var value = type.Create();
        store.Context.CountObject(value, type.Bytes);
        _open.Enqueue((value, type));
        return value;
    }

    private object Create(ArrayClass type)
    {
        var length = input.Count((int)(ImplementationLimits.ArrayBytes / type.ElementSize), "elements of an array");
        var value = ArrayOperations.TryCreate(type.Type, type.ElementSize, (uint)length, store.Context) ?? throw new InsufficientMemoryException("There is no room for an array of the snapshot.");
        _open.Enqueue((value, type));
        return value;
    }

    private WasmException ReadException()
    {
        var value = new WasmException(tags[input.Below(tags.Count, "tag")]);
        store.Context.CountObject(value, WasmException.HeaderBytes);
        _open.Enqueue((value, null));
        return value;
    }

    private object ReadExternal()
    {
        var name = input.Text();
        var data = input.Data();
        var codec = codecs.FirstOrDefault(codec => codec.Name == name)
            ?? throw new SnapshotException($"The snapshot has an object of the host by the codec {HostileText.Quoted(name ?? "")}, which is not among RestoreOptions.Codecs.");
        try
        {
            return codec.Read(data) ?? throw new InvalidOperationException("It gave null.");
        }
#pragma warning disable CA1031 // Whatever the codec throws is why the snapshot cannot be restored.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            throw new SnapshotException($"The codec {HostileText.Quoted(codec.Name)} cannot read an object of the snapshot: {exception.Message}", exception);
        }
    }

    private void ReadFields(object structure, StructClass type)
    {
        for (var i = 0; i < type.Fields.Length; i++)
        {
            var fieldType = type.FieldTypes[i].Unpacked;
            type.Fields[i].SetValue(structure, fieldType.IsRef ? Read(fieldType) : ReadNumber(type.Fields[i].FieldType));
        }
    }

    private object ReadNumber(Type type)
    {
        if (type == typeof(Vector128<byte>))
            return Vector128.Create(input.Number(), input.Number()).AsByte();
        if (type == typeof(float))
            return BitConverter.UInt32BitsToSingle((uint)input.Number());
        if (type == typeof(double))
            return BitConverter.UInt64BitsToDouble(input.Number());
        var value = input.Signed();
        return Type.GetTypeCode(type) switch
        {
            TypeCode.Byte => (byte)value,
            TypeCode.SByte => (sbyte)value,
            TypeCode.Int16 => (short)value,
            TypeCode.UInt16 => (ushort)value,
            TypeCode.Int32 => (int)value,
            TypeCode.UInt32 => (uint)value,
            TypeCode.UInt64 => (ulong)value,
            _ => value,
        };
    }

    private void ReadElements(Array array, ArrayClass type)
    {
        var element = type.Element.Unpacked;
        if (element.IsRef)
            Read(ArrayContents.References(array), element);
        else
            input.Bytes(ArrayContents.Bytes(array, type));
    }

    private void ReadValues(WasmException exception)
    {
        foreach (ref var number in exception.Numbers.AsSpan())
            number = input.Number();
        var reference = 0;
        foreach (var type in exception.Tag.DefinedType.Func!.ParameterArray)
        {
            if (type.IsRef)
                exception.References[reference++] = Read(type);
        }
    }
}
