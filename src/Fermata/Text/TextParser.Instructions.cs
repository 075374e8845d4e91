using Fermata.Binary;
using Fermata.Structure;

namespace Fermata.Text;

/// <summary>Instructions, plain and folded (section 6.5 "Instructions").</summary>
/// <remarks>
/// Text may be nested more deeply than a thread's stack bears, so open forms are kept in a list. The operator of a folded
/// instruction comes before its operands in the text and after them in the binary format: it waits in <see cref="_pending"/>.
/// </remarks>
internal sealed partial class TextParser
{
    private readonly ByteWriter _body = new();
    private readonly ByteWriter _pending = new();
    private readonly List<OpenForm> _forms = [];
    private ByteWriter _code = new();

    private enum FormKind : byte
    {
        /// <summary>A plain <c>try</c> before its first clause.</summary>
        Try,

        /// <summary>A plain <c>try</c> after a <c>catch</c>.</summary>
        Catch,

        /// <summary>A folded <c>try</c> before its <c>do</c>.</summary>
        FoldedTry,

        /// <summary>A folded <c>try</c> after its <c>do</c>.</summary>
        FoldedDo,

        /// <summary>A folded <c>try</c> after a <c>catch</c>.</summary>
        FoldedCatch,

        /// <summary>A folded <c>try</c> after its <c>catch_all</c>.</summary>
        FoldedCatchAll,

        /// <summary>A folded <c>try</c> after its <c>delegate</c>, which ends it.</summary>
        FoldedDelegate,

        /// <summary>A plain <c>block</c>, <c>loop</c> or <c>try_table</c>, up to <c>end</c>.</summary>
        Block,

        /// <summary>A plain <c>if</c> before <c>else</c>.</summary>
        If,

        /// <summary>A folded instruction; operands are being read.</summary>
        Operator,

        /// <summary>A folded <c>block</c>, <c>loop</c> or <c>try_table</c>.</summary>
        FoldedBlock,

        /// <summary>A folded <c>if</c> before its <c>then</c>.</summary>
        Condition,

        /// <summary>A folded <c>if</c> after its <c>then</c>.</summary>
        FoldedIf,

        /// <summary>A folded <c>if</c> after its <c>else</c>.</summary>
        FoldedElse,

        /// <summary>The <c>then</c> or <c>else</c> of a folded <c>if</c>.</summary>
        Clause,
    }

    /// <summary>A form that is not yet closed.</summary>
    /// <param name="Kind">What it is.</param>
    /// <param name="TextOffset">Where its keyword stands.</param>
    /// <param name="Pending">Where its operator begins in <see cref="_pending"/>, if that waits there.</param>
    /// <param name="Label">The names of its label.</param>
    /// <param name="Hidden">The level that the label's identifier stood for before.</param>
    /// <param name="Hint">The hint for its operator, while that waits.</param>
    private readonly record struct OpenForm(
        FormKind Kind, int TextOffset, int Pending = 0, Label Label = default, int Hidden = -1, BranchHint? Hint = null);

    /// <summary>Reads instructions up to the parenthesis that closes the form around them, and ends the expression.</summary>
    private void ParseExpression(ByteWriter to)
    {
        ParseInstructions(to, onlyOneFolded: false);
        to.Mark(_cursor.Offset);
        to.WriteOpcode(Opcode.End);
    }

    /// <summary>Reads one folded instruction as an expression.</summary>
    private void ParseFoldedExpression(ByteWriter to)
    {
        if (_cursor.Kind != TokenKind.LeftParen)
            throw _cursor.Unexpected();
        ParseInstructions(to, onlyOneFolded: true);
        to.WriteOpcode(Opcode.End);
    }

    private void ParseInstructions(ByteWriter to, bool onlyOneFolded)
    {
        _code = to;
        do
        {
            switch (_cursor.Kind)
            {
                case TokenKind.LeftParen:
                    BeginForm();
                    break;
                case TokenKind.RightParen when _forms.Count == 0:
                    return;
                case TokenKind.RightParen:
                    CloseForm(_forms[^1]);
                    _cursor.TakeClose();
                    break;
                case TokenKind.Keyword when AtPlain:
                    ParsePlain();
                    break;
                default:
                    throw _cursor.Unexpected();
            }
        }
        while (!onlyOneFolded || _forms.Count > 0);
    }

    /// <summary>Whether the innermost open form may have plain instructions in it, not only folded ones.</summary>
    private bool AtPlain =>
        _forms.Count == 0 || _forms[^1].Kind is FormKind.Block or FormKind.If or FormKind.Try or FormKind.Catch
            or FormKind.FoldedBlock or FormKind.Clause;

    private InstructionInfo TakeInstruction() => InstructionTable.Find(_cursor.TakeKeyword()) ?? throw _cursor.UnexpectedPrevious();

    private void ParsePlain()
    {
        var offset = _cursor.Offset;
        WriteBranchHint(TryTakeBranchHint());
        var instruction = TakeInstruction();
        switch (instruction.Opcode)
        {
            case Opcode.Block or Opcode.Loop or Opcode.TryTable:
                OpenBlock(FormKind.Block, instruction, offset);
                break;
            case Opcode.If:
                OpenBlock(FormKind.If, instruction, offset);
                break;
            case Opcode.Else:
                if (_forms is not [.., { Kind: FormKind.If } form])
                    throw _cursor.UnexpectedPrevious();
                CheckRepeatedLabel(form.Label);
                _code.Mark(offset);
                _code.WriteOpcode(Opcode.Else);
                _forms[^1] = form with { Kind = FormKind.Block };
                break;
            case Opcode.End:
                if (_forms is not [.., { Kind: FormKind.If or FormKind.Block or FormKind.Try or FormKind.Catch } block])
                    throw _cursor.UnexpectedPrevious();
                CheckRepeatedLabel(block.Label);
                EndBlock(block, offset);
                break;
            case Opcode.Try:
                OpenBlock(FormKind.Try, instruction, offset);
                break;
            case Opcode.Catch or Opcode.CatchAll or Opcode.Delegate:
                ParsePlainClause(instruction, offset);
                break;
            default:
                _code.Mark(offset);
                WriteInstruction(_code, instruction);
                break;
        }
    }

    /// <summary>Writes the start of a block. The labels that its immediates name are those outside.</summary>
    private void OpenBlock(FormKind kind, InstructionInfo instruction, int offset)
    {
        var label = TakeLabelDefinition();
        _code.Mark(offset);
        WriteInstruction(_code, instruction);
        _forms.Add(new OpenForm(kind, offset, Label: label, Hidden: PushLabel(label)));
    }

    private void EndBlock(OpenForm form, int offset)
    {
        _code.Mark(offset);
        _code.WriteOpcode(Opcode.End);
        PopLabel(form);
        _forms.RemoveAt(_forms.Count - 1);
    }

    private void BeginForm()
    {
        if (_forms.Count > 0 && TryBeginClause(_forms[^1]))
            return;
        var hint = TryTakeBranchHint();
        _cursor.TakeOpen();
        var offset = _cursor.Offset;
        var instruction = TakeInstruction();
        switch (instruction.Opcode)
        {
            case Opcode.Block or Opcode.Loop or Opcode.TryTable:
                WriteBranchHint(hint);
                OpenBlock(FormKind.FoldedBlock, instruction, offset);
                break;
            case Opcode.Try:
                WriteBranchHint(hint);
                OpenBlock(FormKind.FoldedTry, instruction, offset);
                break;
            case Opcode.Else or Opcode.End or Opcode.Catch or Opcode.CatchAll or Opcode.Delegate:
                throw _cursor.UnexpectedPrevious();
            default:
                var isIf = instruction.Opcode == Opcode.If;
                var label = isIf ? TakeLabelDefinition() : default;
                _forms.Add(new OpenForm(isIf ? FormKind.Condition : FormKind.Operator, offset, _pending.Length, label, Hint: hint));
                WriteInstruction(_pending, instruction);
                break;
        }
    }

    /// <summary>Begins the <c>then</c> or the <c>else</c> of a folded <c>if</c>; after the <c>then</c> nothing else may come.</summary>
    private bool TryBeginClause(OpenForm form)
    {
        var offset = _cursor.Offset;
        if (form.Kind == FormKind.Condition && _cursor.TryTakeForm("then"u8))
        {
            ReleasePending(form);
            _forms[^1] = form with { Kind = FormKind.FoldedIf, Hidden = PushLabel(form.Label) };
        }
        else if (form.Kind == FormKind.FoldedIf && _cursor.TryTakeForm("else"u8))
        {
            _code.Mark(offset);
            _code.WriteOpcode(Opcode.Else);
            _forms[^1] = form with { Kind = FormKind.FoldedElse };
        }
        else if (TryBeginTryClause(form, offset))
        {
            return true;
        }
        else if (form.Kind is FormKind.FoldedIf or FormKind.FoldedElse)
        {
            throw _cursor.UnexpectedForm();
        }
        else
        {
            return false;
        }

        _forms.Add(new OpenForm(FormKind.Clause, offset));
        return true;
    }

    private void CloseForm(OpenForm form)
    {
        switch (form.Kind)
        {
            case FormKind.Operator:
                ReleasePending(form);
                _forms.RemoveAt(_forms.Count - 1);
                break;
            case FormKind.Clause:
                _forms.RemoveAt(_forms.Count - 1);
                break;
            case FormKind.FoldedDelegate:
                _forms.RemoveAt(_forms.Count - 1);
                break;
            case FormKind.FoldedBlock or FormKind.FoldedIf or FormKind.FoldedElse
                or FormKind.FoldedDo or FormKind.FoldedCatch or FormKind.FoldedCatchAll:
                EndBlock(form, _cursor.Offset);
                break;
            default:
                throw _cursor.Unexpected();
        }
    }

    private void ReleasePending(OpenForm form)
    {
        WriteBranchHint(form.Hint);
        _code.Mark(form.TextOffset);
        _code.Write(_pending.Bytes[form.Pending..]);
        _pending.Truncate(form.Pending);
    }
}
