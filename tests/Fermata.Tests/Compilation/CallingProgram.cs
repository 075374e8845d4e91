using System.Text;

namespace Fermata.Tests.Compilation;

/// <summary>A random program of small functions that call each other, directly and through a table, and now and then trap.</summary>
internal sealed class CallingProgram
{
    private const int Leaves = 6;
    private const int Middles = 3;

    private readonly Random _random;
    private readonly StringBuilder _text = new();

    /// <summary>How many functions the one that is being written may call, from the first one on.</summary>
    private int _callees;
    private int _depth;

    private CallingProgram(int seed) => _random = new Random(seed);

    /// <summary>The text of a program that exports <c>run</c>, of two numbers to one, and its memory and global.</summary>
    public static string Text(int seed) => new CallingProgram(seed).Write();

    private string Write()
    {
        _text.Append("""
            (module
              (type $binary (func (param i32 i32) (result i32)))
              (memory (export "memory") 1)
              (global $global (export "global") (mut i32) (i32.const 0))
              (table 8 8 funcref)

            """);
        _text.Append($"(elem (i32.const 1) {string.Join(' ', Enumerable.Range(0, 1 + _random.Next(4)).Select(_ => $"$f{_random.Next(Leaves)}"))} $other)\n");
        _text.Append("(func $other (param i32) (global.set $global (local.get 0)))\n");
        for (var i = 0; i < Leaves + Middles; i++)
        {
            _callees = i < Leaves ? 0 : i;
            WriteFunction($"$f{i}");
        }

        _callees = Leaves + Middles;
        WriteFunction("$run (export \"run\")");
        return _text.Append(')').ToString();
    }

    private void WriteFunction(string name)
    {
        _text.Append($"(func {name} (type $binary) (local i32 i64 i32)\n");
        for (var i = _random.Next(4); i > 0; i--)
            WriteStatement();
        WriteExpression();
        _text.Append(")\n");
    }

    private void WriteStatement()
    {
        switch (_random.Next(10))
        {
            case 0:
                Write("(i32.store", WriteAddress, WriteExpression);
                break;
            case 1:
                Write("(i64.store offset=4", WriteAddress, () => Write("(i64.load", WriteAddress));
                break;
            case 2:
                Write("(global.set $global", WriteExpression);
                break;
            case 3:
                Write("(if", WriteExpression, () => Write("(then", WriteStatement), () => Write("(else", WriteStatement));
                break;
            case 4:
                Write("(if", WriteExpression, () => Write("(then (return", WriteExpression), () => _text.Append(')'));
                break;
            case 5:
                Write("(block", () => Write("(br_if 0", WriteExpression), WriteStatement);
                break;
            case 6 when _random.Next(4) == 0:
                Write("(if (i32.eq (i32.const 5)", () => Write("(i32.and (i32.const 7)", WriteExpression), () => _text.Append(") (then unreachable)"));
                break;
            case 7 when _callees > 0:
                _text.Append("(local.set 4 (i32.const 5)) (loop ");
                WriteStatement();
                Write("(local.set 2", WriteExpression);
                _text.Append("(br_if 0 (local.tee 4 (i32.shr_u (i32.and (local.get 4) (i32.const 7)) (i32.const 1)))))\n");
                break;
            default:
                Write($"(local.set {_random.Next(3)}", WriteExpression);
                break;
        }
    }

    private void WriteExpression()
    {
        _depth++;
        switch (_depth > 5 ? _random.Next(5) : _random.Next(16))
        {
            case 0:
                _text.Append($"(i32.const {_random.Next(-5, 70_000)})");
                break;
            case < 5:
                _text.Append($"(local.get {_random.Next(3)})");
                break;
            case 5:
                Write("(i32.load", WriteAddress);
                break;
            case 6:
                Write("(i32.load16_s offset=2", WriteAddress);
                break;
            case 7:
                Write("(i32.wrap_i64 (i64.load32_u", WriteAddress, () => _text.Append(')'));
                break;
            case 8:
                Write("(select", WriteExpression, WriteExpression, WriteExpression);
                break;
            case 9:
                Write("(if (result i32)", WriteExpression, () => Write("(then", WriteExpression), () => Write("(else", WriteExpression));
                break;
            case 10:
                Write("(i32.div_s", WriteExpression, () => _text.Append("(i32.const 3)"));
                break;
            case < 13 when _callees > 0:
                Write($"(call $f{_random.Next(_callees)}", WriteExpression, WriteExpression);
                break;
            case 13 when _callees > 0:
                Write("(call_indirect (type $binary)", WriteExpression, WriteExpression, () => Write("(i32.and (i32.const 7)", WriteExpression));
                break;
            default:
                Write(_random.GetItems(["(i32.add", "(i32.xor", "(i32.mul", "(i32.rotl", "(i32.lt_u"], 1)[0], WriteExpression, WriteExpression);
                break;
        }

        _depth--;
    }

    /// <summary>Most are within the memory.</summary>
    private void WriteAddress() => Write("(i32.rem_u", WriteExpression, () => _text.Append("(i32.const 67000)"));

    private void Write(string opening, params ReadOnlySpan<Action> operands)
    {
        _text.Append(opening).Append(' ');
        foreach (var operand in operands)
            operand();
        _text.Append(")\n");
    }
}
