using System.Text;
using Fermata.Binary;

namespace Fermata.Text;

/// <summary>Type uses (section 6.4.15 "Type Uses"): a type index, inline parameters and results, or both.</summary>
internal sealed partial class TextParser
{
    private readonly Signature _signature = new();

    /// <summary>The type index of the function at hand, if no definition has it so far.</summary>
    private uint? _unknownType;

    /// <summary>The types that no definition of the text has, in the order in which the text uses them first.</summary>
    public List<ImplicitType> ImplicitTypes { get; } = [];

    /// <summary>Whether a use of a type depends on what the type is, and that comes, if at all, later in the text.</summary>
    public bool NeedsLaterType { get; private set; }

    /// <summary>Reads parameters and results.</summary>
    /// <param name="signature">Takes them.</param>
    /// <param name="names">Takes the names of the parameters, unless null.</param>
    /// <param name="allowNames">Whether parameters may have names.</param>
    private void ParseSignature(Signature signature, IndexSpace? names, bool allowNames)
    {
        while (_cursor.TryTakeForm("param"u8))
        {
            if (IndexSpace.IsNamed(_cursor))
            {
                if (!allowNames)
                    throw _cursor.Unexpected();
                BindParameter(names);
                signature.Parameters.Add(TakeValType());
            }
            else
            {
                for (; _cursor.Kind != TokenKind.RightParen; names?.BindUnnamed())
                    signature.Parameters.Add(TakeValType());
            }

            _cursor.TakeClose();
        }

        while (_cursor.TryTakeForm("result"u8))
        {
            while (_cursor.Kind != TokenKind.RightParen)
                signature.Results.Add(TakeValType());
            _cursor.TakeClose();
        }

        if (_cursor.AtForm("param"u8) || _cursor.AtForm("type"u8))
            throw _cursor.UnexpectedForm();
    }

    private void BindParameter(IndexSpace? names)
    {
        if (names is not null)
        {
            names.Bind(_cursor);
            return;
        }

        _cursor.TryTakeIdentifier();
        NameAnnotation.TryTake(_cursor, "parameter");
    }

    /// <summary>Takes a type use and gives its type index. A function type that no definition has is defined at the end.</summary>
    /// <param name="locals">Takes the parameters as the first locals, unless null.</param>
    /// <param name="allowNames">Whether parameters may have names.</param>
    private uint TakeTypeUse(IndexSpace? locals, bool allowNames)
    {
        var offset = _cursor.Offset;
        var index = TryTakeTypeIndex();
        _signature.Clear();
        ParseSignature(_signature, locals, allowNames);
        if (index is not { } given)
            return FindFunctionType(offset);
        if (!_signature.IsEmpty)
            CheckInlineType(given, offset);
        else if (locals is not null)
            SkipParameters(locals, given);
        return given;
    }

    private void SkipParameters(IndexSpace locals, uint type)
    {
        if (type >= _definitions.Count)
            _unknownType = type;
        else
            locals.Skip(Math.Max(0, _definitions[(int)type].ParameterCount));
    }

    /// <summary>A named local has no index while the number of parameters before it is unknown.</summary>
    private void RequireParameterCount()
    {
        if (_unknownType is { } type)
            RequireLaterType(type, _cursor.Offset);
    }

    /// <summary>Section 6.4.15 "Type Uses", abbreviations: a type that is used before the first mention of it, by its index, is no error.</summary>
    private void RequireLaterType(uint index, int offset)
    {
        if (laterTypes is not null)
            throw _cursor.Source.Malformed($"unknown type {index}", offset);
        NeedsLaterType = true;
    }

    private uint? TryTakeTypeIndex()
    {
        if (!_cursor.TryTakeForm("type"u8))
            return null;
        var index = _types.Take(_cursor);
        _cursor.TakeClose();
        return index;
    }

    private void CheckInlineType(uint index, int offset)
    {
        if (index >= _definitions.Count)
        {
            RequireLaterType(index, offset);
            return;
        }

        EncodeSignature();
        if (!_encodedType.Bytes.SequenceEqual(_definitions[(int)index].Encoding))
            throw _cursor.Source.Malformed("inline function type differs from the type that is named", offset);
    }

    /// <summary>The index of the function type that was just read; it is defined if it is new.</summary>
    private uint FindFunctionType(int offset)
    {
        EncodeSignature();
        var key = Encoding.Latin1.GetString(_encodedType.Bytes);
        if (_functionTypes.TryGetValue(key, out var index))
            return (uint)index;
        var type = new ImplicitType(_encodedType.Bytes.ToArray(), _signature.Parameters.Count, offset);
        ImplicitTypes.Add(type);
        return (uint)Define(type);
    }

    private int Define(ImplicitType type)
    {
        var index = _types.BindUnnamed();
        _definitions.Add(new TypeDefinition(type.Encoding, type.ParameterCount, null));
        _functionTypes.Add(Encoding.Latin1.GetString(type.Encoding), index);
        _module.Types.Begin(type.TextOffset).Write(type.Encoding);
        return index;
    }

    private void EncodeSignature()
    {
        _encodedType.Clear();
        _signature.Write(_encodedType);
    }

    /// <summary>
    /// Reads a block type (section 6.5.3 "Control Instructions"): a type use that needs no definition where it has no parameters and
    /// at most one result.
    /// </summary>
    private void ParseBlockType(ByteWriter to)
    {
        var offset = _cursor.Offset;
        if (_cursor.AtForm("type"u8))
        {
            to.WriteSigned(TakeTypeUse(null, allowNames: false));
            return;
        }

        _signature.Clear();
        ParseSignature(_signature, null, allowNames: false);
        if (_signature.IsEmpty)
            to.WriteByte(0x40);
        else if (_signature.Parameters.Count == 0 && _signature.Results.Count == 1)
            to.WriteValType(_signature.Results[0]);
        else
            to.WriteSigned(FindFunctionType(offset));
    }
}
