using System.Text;
using Fermata.Binary;

namespace Fermata.Text;

/// <summary>Types (section 6.4 "Types") and the second visit, which defines those that the text names.</summary>
internal sealed partial class TextParser
{
    /// <summary>The type index space.</summary>
    private readonly List<TypeDefinition> _definitions = [];

    /// <summary>The first definition of each function type that stands alone and is final, by its encoding.</summary>
    private readonly Dictionary<string, int> _functionTypes = [];
    private readonly ByteWriter _encodedType = new();

    private void DefineTypes(Field field)
    {
        if (field.Keyword == "type")
        {
            ParseTypeField(_module.Types.Begin(OffsetOf(field)), isAlone: true);
            return;
        }

        if (field.Keyword != "rec")
            return;
        var section = _module.Types.Begin(OffsetOf(field));
        var group = new ByteWriter();
        var count = 0;
        for (; _cursor.Kind != TokenKind.RightParen; count++)
        {
            group.Mark(_cursor.Offset);
            _cursor.TakeForm("type"u8);
            ParseTypeField(group, isAlone: false);
        }

        section.WriteByte(0x4E);
        section.WriteUnsigned((ulong)count);
        section.Append(group);

        // A group of one is the same as the definition alone.
        if (count == 1)
            AddFunctionType(group.Bytes, _definitions.Count - 1);
    }

    /// <summary>What follows the keyword of a type field, and the parenthesis that closes it.</summary>
    private void ParseTypeField(ByteWriter to, bool isAlone)
    {
        _cursor.TryTakeIdentifier();
        _encodedType.Clear();
        if (_cursor.TryTakeForm("sub"u8))
        {
            var isFinal = _cursor.TryTake("final"u8);
            var supertypes = new List<uint>();
            while (_cursor.Kind != TokenKind.LeftParen)
                supertypes.Add(_types.Take(_cursor));
            if (!isFinal || supertypes.Count > 0)
                WriteSupertypes(to, isFinal, supertypes);
            isAlone &= isFinal && supertypes.Count == 0;
            ParseCompositeType();
            _cursor.TakeClose();
        }
        else
        {
            ParseCompositeType();
        }

        to.Write(_encodedType.Bytes);
        if (isAlone)
            AddFunctionType(_encodedType.Bytes, _definitions.Count - 1);
        _cursor.TakeClose();
    }

    private static void WriteSupertypes(ByteWriter to, bool isFinal, List<uint> supertypes)
    {
        to.WriteByte(isFinal ? (byte)0x4F : (byte)0x50);
        to.WriteUnsigned((ulong)supertypes.Count);
        foreach (var supertype in supertypes)
            to.WriteUnsigned(supertype);
    }

    private void AddFunctionType(ReadOnlySpan<byte> encoding, int index)
    {
        if (encoding[0] == 0x60)
            _functionTypes.TryAdd(Encoding.Latin1.GetString(encoding), index);
    }

    /// <summary>Reads a composite type (section 6.4.6 "Composite Types") into <see cref="_encodedType"/> and adds its definition.</summary>
    private void ParseCompositeType()
    {
        if (_cursor.TryTakeForm("func"u8))
        {
            _signature.Clear();
            ParseSignature(_signature, null, allowNames: true);
            _signature.Write(_encodedType);
            _definitions.Add(new TypeDefinition(_encodedType.Bytes.ToArray(), _signature.Parameters.Count, null));
        }
        else if (_cursor.TryTakeForm("struct"u8))
        {
            var fields = ParseStructFields();
            _definitions.Add(new TypeDefinition([], -1, fields));
        }
        else
        {
            _cursor.TakeForm("array"u8);
            _encodedType.WriteByte(0x5E);
            ParseFieldType(_encodedType);
            _definitions.Add(new TypeDefinition([], -1, null));
        }

        _cursor.TakeClose();
    }

    private IndexSpace ParseStructFields()
    {
        var fields = new IndexSpace("field");
        var types = new ByteWriter();
        while (_cursor.TryTakeForm("field"u8))
        {
            if (IndexSpace.IsNamed(_cursor))
            {
                fields.Bind(_cursor);
                ParseFieldType(types);
            }
            else
            {
                while (_cursor.Kind != TokenKind.RightParen)
                {
                    fields.BindUnnamed();
                    ParseFieldType(types);
                }
            }

            _cursor.TakeClose();
        }

        _encodedType.WriteByte(0x5F);
        _encodedType.WriteUnsigned((ulong)fields.Count);
        _encodedType.Append(types);
        return fields;
    }

    private void ParseFieldType(ByteWriter to)
    {
        var isMutable = _cursor.TryTakeForm("mut"u8);
        if (_cursor.TryTake("i8"u8))
            to.WriteByte(0x78);
        else if (_cursor.TryTake("i16"u8))
            to.WriteByte(0x77);
        else
            to.WriteValType(TakeValType());
        to.WriteByte(isMutable ? (byte)1 : (byte)0);
        if (isMutable)
            _cursor.TakeClose();
    }

    private ValType TakeValType()
    {
        if (_cursor.TryTakeForm("ref"u8))
        {
            var nullable = _cursor.TryTake("null"u8);
            var type = ValType.Ref(nullable, TakeHeapType());
            _cursor.TakeClose();
            return type;
        }

        if (_cursor.Kind != TokenKind.Keyword)
            throw _cursor.UnexpectedForm();
        return Keywords.FindValType(_cursor.TakeKeyword()) ?? throw _cursor.UnexpectedPrevious();
    }

    private ValType TakeRefType()
    {
        var start = _cursor.Position;
        var type = TakeValType();
        if (type.IsRef)
            return type;
        _cursor.Position = start;
        throw _cursor.Unexpected();
    }

    private HeapType TakeHeapType()
    {
        if (_cursor.Kind == TokenKind.Keyword)
            return Keywords.FindHeapType(_cursor.TakeKeyword()) ?? throw _cursor.UnexpectedPrevious();
        var offset = _cursor.Offset;
        var index = _types.Take(_cursor);
        return index <= int.MaxValue ? HeapType.Defined((int)index) : throw _cursor.Source.Malformed($"unknown type {index}", offset);
    }

    /// <summary>Whether a reference type comes next rather than something else.</summary>
    private bool AtRefType() =>
        _cursor.AtForm("ref"u8)
        || (_cursor.Kind == TokenKind.Keyword && Keywords.FindValType(Encoding.UTF8.GetString(_cursor.Text)) is { IsRef: true });
}
