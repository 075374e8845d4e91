using System.Text;
using Fermata.Text;

namespace Fermata.Wast;

/// <summary>Arguments of calls and patterns for results.</summary>
internal sealed partial class WastParser
{
    private WastConstant TakeConstant()
    {
        cursor.TakeOpen();
        var constant = ParseConstant(cursor.TakeKeyword());
        cursor.TakeClose();
        return constant;
    }

    private WastConstant ParseConstant(string keyword) => keyword switch
    {
        "i32.const" => Number(ValType.I32, (uint)ConstantReader.TakeInteger(cursor, 32)),
        "i64.const" => Number(ValType.I64, ConstantReader.TakeInteger(cursor, 64)),
        "f32.const" => Number(ValType.F32, ConstantReader.TakeFloat(cursor, 32)),
        "f64.const" => Number(ValType.F64, ConstantReader.TakeFloat(cursor, 64)),
        "v128.const" => new WastConstant(ValType.V128, 0, ConstantReader.TakeVector(cursor), null),
        "ref.null" => new WastConstant(ValType.Ref(true, TakeHeapType()), 0, default, null),
        "ref.extern" => Reference(HeapType.Extern),
        "ref.host" => Reference(HeapType.Any),
        _ => throw cursor.MalformedPrevious("unknown constant"),
    };

    private static WastConstant Number(ValType type, ulong bits) => new(type, bits, default, null);

    private WastConstant Reference(HeapType type) => new(ValType.Ref(false, type), 0, default, new HostReference(cursor.TakeU32()));

    private HeapType TakeHeapType() => Keywords.FindHeapType(cursor.TakeKeyword()) ?? throw cursor.MalformedPrevious("unknown heap type");

    private WastPattern TakePattern()
    {
        cursor.TakeOpen();
        var pattern = ParsePattern(cursor.TakeKeyword());
        cursor.TakeClose();
        return pattern;
    }

    private WastPattern ParsePattern(string keyword)
    {
        switch (keyword)
        {
            case "either":
                var choices = new List<WastPattern>();
                while (cursor.Kind == TokenKind.LeftParen && !cursor.AtForm("either"u8))
                    choices.Add(TakePattern());
                return new EitherPattern([.. choices]);
            case "f32.const" when TryTakeNan() is { } isCanonical:
                return new NanPattern(ValType.F32, isCanonical);
            case "f64.const" when TryTakeNan() is { } isCanonical:
                return new NanPattern(ValType.F64, isCanonical);
            case "v128.const":
                return ParseVectorPattern();
            case "ref.null":
                if (cursor.Kind != TokenKind.RightParen)
                    cursor.Skip();
                return new NullPattern();
            case "ref.extern" or "ref.host" when cursor.Kind == TokenKind.Natural:
                return new ValuePattern(ParseConstant(keyword));
            case "ref.func":
                // The reference interpreter, too, compares no index.
                if (cursor.Kind != TokenKind.RightParen)
                    cursor.Skip();
                return new RefPattern(HeapType.Func);
            case "ref.host":
                return new RefPattern(HeapType.Any);
            case var word when word.StartsWith("ref.", StringComparison.Ordinal) && Keywords.FindHeapType(word[4..]) is { } type:
                return new RefPattern(type);
            default:
                return new ValuePattern(ParseConstant(keyword));
        }
    }

    private bool? TryTakeNan()
    {
        if (cursor.TryTake("nan:canonical"u8))
            return true;
        return cursor.TryTake("nan:arithmetic"u8) ? false : null;
    }

    private VectorPattern ParseVectorPattern()
    {
        var shape = VectorShape.Find(Encoding.UTF8.GetString(cursor.Text)) ?? throw cursor.Unexpected();
        cursor.Position++;
        var mask = ulong.MaxValue >> (64 - shape.LaneWidth);
        var lanes = new LanePattern[shape.Lanes];
        for (var i = 0; i < lanes.Length; i++)
        {
            lanes[i] = shape.IsFloat && TryTakeNan() is { } isCanonical
                ? new LanePattern(0, isCanonical)
                : new LanePattern(ConstantReader.TakeLaneValue(cursor, shape) & mask, null);
        }

        return new VectorPattern(shape.LaneWidth, lanes);
    }
}
