using Fermata.Structure;

namespace Fermata.Text;

/// <summary>The older exceptions: <c>try</c> with its clauses <c>catch</c>, <c>catch_all</c> and <c>delegate</c>.</summary>
internal sealed partial class TextParser
{
    /// <summary>A clause in a plain <c>try</c>; the keyword was read.</summary>
    private void ParsePlainClause(InstructionInfo clause, int offset)
    {
        if (_forms is not [.., { Kind: FormKind.Try or FormKind.Catch } form] || (clause.Opcode == Opcode.Delegate && form.Kind != FormKind.Try))
            throw _cursor.UnexpectedPrevious();
        if (clause.Opcode == Opcode.Delegate)
        {
            WriteDelegate(form, clause, offset);
            _forms.RemoveAt(_forms.Count - 1);
            return;
        }

        _code.Mark(offset);
        WriteInstruction(_code, clause);
        _forms[^1] = form with { Kind = clause.Opcode == Opcode.Catch ? FormKind.Catch : FormKind.Block };
    }

    /// <summary>The next part of a folded <c>try</c>; nothing else may stand in it.</summary>
    private bool TryBeginTryClause(OpenForm form, int offset)
    {
        if (form.Kind is not (FormKind.FoldedTry or FormKind.FoldedDo or FormKind.FoldedCatch or FormKind.FoldedCatchAll or FormKind.FoldedDelegate))
            return false;
        if (form.Kind == FormKind.FoldedTry && _cursor.TryTakeForm("do"u8))
        {
            _forms[^1] = form with { Kind = FormKind.FoldedDo };
        }
        else if (form.Kind is FormKind.FoldedDo or FormKind.FoldedCatch && _cursor.TryTakeForm("catch"u8))
        {
            BeginFoldedClause(form, FormKind.FoldedCatch, Opcode.Catch, offset);
        }
        else if (form.Kind is FormKind.FoldedDo or FormKind.FoldedCatch && _cursor.TryTakeForm("catch_all"u8))
        {
            BeginFoldedClause(form, FormKind.FoldedCatchAll, Opcode.CatchAll, offset);
        }
        else if (form.Kind == FormKind.FoldedDo && _cursor.TryTakeForm("delegate"u8))
        {
            WriteDelegate(form, InstructionTable.Get(Opcode.Delegate), offset);
            _forms[^1] = form with { Kind = FormKind.FoldedDelegate };
        }
        else
        {
            throw _cursor.UnexpectedForm();
        }

        _forms.Add(new OpenForm(FormKind.Clause, offset));
        return true;
    }

    private void BeginFoldedClause(OpenForm form, FormKind kind, Opcode opcode, int offset)
    {
        _code.Mark(offset);
        WriteInstruction(_code, InstructionTable.Get(opcode));
        _forms[^1] = form with { Kind = kind };
    }

    /// <summary>The label of <c>delegate</c> is one of those around the <c>try</c> that it ends.</summary>
    private void WriteDelegate(OpenForm form, InstructionInfo instruction, int offset)
    {
        PopLabel(form);
        _code.Mark(offset);
        WriteInstruction(_code, instruction);
    }
}
