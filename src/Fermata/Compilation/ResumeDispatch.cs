using System.Reflection.Emit;

namespace Fermata.Compilation;

/// <summary>How a resume form gets from its start to the call site where it goes on: through the head of each loop around the site.</summary>
/// <remarks>
/// A loop is entered through its head, so that it keeps one entry and the JIT still sees a loop. A local
/// holds one more than the number of the site that is still to be reached, or zero; at each head there is a test of it, and a table in the cold code
/// that leads to the site or to the next head inside.
/// </remarks>
internal sealed class ResumeDispatch
{
    /// <summary>Loops nested deeper are entered at their call sites: the tables would grow with the square of the depth.</summary>
    private const int MaxLoopDepth = 32;

    private readonly ILGenerator _il;
    private readonly LocalBuilder _context;
    private readonly LocalBuilder _pendingSite;
    private readonly List<Entry> _entries = [];
    private readonly List<Dispatch> _dispatches = [];

    /// <summary>For each site the code that restores its frame.</summary>
    private readonly Label[] _restores;
    private Dispatch? _innermost;

    private ResumeDispatch(ILGenerator il, LocalBuilder context, LocalBuilder pendingSite, int sites)
    {
        _il = il;
        _context = context;
        _pendingSite = pendingSite;
        _restores = new Label[sites];
        for (var i = 0; i < sites; i++)
            _restores[i] = il.DefineLabel();
    }

    /// <summary>Emits the start, from which nothing but the sites can be reached.</summary>
    /// <param name="il">The code of the method.</param>
    /// <param name="variables">The variables of the method.</param>
    /// <param name="context">The store's context.</param>
    /// <param name="sites">How many call sites the function has.</param>
    public static ResumeDispatch Start(ILGenerator il, Variables variables, LocalBuilder context, int sites)
    {
        var dispatch = new ResumeDispatch(il, context, variables.DeclareLocal(typeof(int)), sites);
        dispatch.EmitSite();
        dispatch.EmitSwitch(dispatch._restores);
        return dispatch;
    }

    /// <summary>Adds the next call site, which is in the loops that are open. Each has a row for it in its table.</summary>
    public void Add(SiteEmission site)
    {
        var entry = new Entry(site, _il.DefineLabel(), _il.DefineLabel(), Outermost());
        _entries.Add(entry);
        var target = entry.Enter;
        for (var dispatch = _innermost; dispatch is not null; dispatch = dispatch.Outer)
        {
            if (dispatch.Targets.Count == 0)
                dispatch.FirstSite = site.Index;
            dispatch.Targets.Add(target);
            target = dispatch.Head;
        }
    }

    /// <summary>Here the function goes on when it is resumed at the site.</summary>
    public void MarkAfter(SiteEmission site) => _il.MarkLabel(_entries[site.Index].After);

    /// <summary>Emits the test at the head of a loop that has sites inside.</summary>
    /// <returns>To be closed where the loop ends; null if there are too many loops around.</returns>
    public Dispatch? OpenLoop(Label head)
    {
        var depth = (_innermost?.LoopDepth ?? 0) + 1;
        if (depth > MaxLoopDepth)
            return null;
        var dispatch = new Dispatch(head, _il.DefineLabel(), _innermost, depth);
        _innermost = dispatch;
        _dispatches.Add(dispatch);
        _il.Emit(OpCodes.Ldloc, _pendingSite);
        _il.Emit(OpCodes.Brtrue, dispatch.Table);
        return dispatch;
    }

    public void Close(Dispatch dispatch) => _innermost = dispatch.Outer;

    /// <summary>Emits what belongs behind the code: the last step to each call site, and the tables of the loop heads.</summary>
    public void EmitColdCode()
    {
        _entries.ForEach(EmitEnter);
        _dispatches.ForEach(EmitTable);
    }

    /// <summary>
    /// Emits the way to each site: the values of the frame back into their variables, the result of the call into its, and on to the loop through whose head the site is
    /// reached first.
    /// </summary>
    public void EmitRestorePaths()
    {
        var restored = _il.DefineLabel();
        var paths = new FramePaths(_il, value => FrameEmission.EmitRestoreValue(_il, value), restored);
        foreach (var entries in _entries.GroupBy(entry => entry.Site.Frame))
        {
            foreach (var entry in entries)
                _il.MarkLabel(_restores[entry.Site.Index]);
            paths.Emit(entries.Key);
        }

        _il.MarkLabel(restored);
        EmitTakeResult();
        EmitSite();
        _il.Emit(OpCodes.Ldc_I4_1);
        _il.Emit(OpCodes.Add);
        _il.Emit(OpCodes.Stloc, _pendingSite);
        EmitSite();
        EmitSwitch(_entries.Select(entry => entry.Outermost?.Head ?? entry.Enter));
    }

    /// <summary>Takes the first result of the call; sites that have it in the same variable share the code.</summary>
    private void EmitTakeResult()
    {
        var taken = _il.DefineLabel();
        var paths = _entries.Where(entry => entry.Site.Results.Length > 0)
            .Select(entry => (Variable: entry.Site.Results[0], Type: entry.Site.ResultTypes[0]))
            .Distinct()
            .ToDictionary(result => result, _ => _il.DefineLabel());
        if (paths.Count == 0)
            return;
        EmitSite();
        EmitSwitch(_entries.Select(entry => entry.Site.Results.Length > 0 ? paths[(entry.Site.Results[0], entry.Site.ResultTypes[0])] : taken));
        foreach (var ((variable, type), path) in paths)
        {
            _il.MarkLabel(path);
            _il.Emit(OpCodes.Ldloc, _context);
            ContextMembers.EmitLoadSlot(_il, type, 0);
            variable.EmitStore(_il);
            _il.Emit(OpCodes.Br, taken);
        }

        _il.MarkLabel(taken);
    }

    private Dispatch? Outermost()
    {
        var dispatch = _innermost;
        while (dispatch?.Outer is not null)
            dispatch = dispatch.Outer;
        return dispatch;
    }

    /// <summary>The last step to a call site. One in a try gets the exception here that its call ended with.</summary>
    private void EmitEnter(Entry entry)
    {
        _il.MarkLabel(entry.Enter);
        _il.Emit(OpCodes.Ldc_I4_0);
        _il.Emit(OpCodes.Stloc, _pendingSite);
        if (entry.Site.Handler is not null)
        {
            _il.Emit(OpCodes.Ldloc, _context);
            _il.Emit(OpCodes.Ldfld, ContextMembers.Suspension);
            _il.Emit(OpCodes.Brtrue, entry.Site.Unwind);
        }

        _il.Emit(OpCodes.Br, entry.After);
    }

    private void EmitTable(Dispatch dispatch)
    {
        _il.MarkLabel(dispatch.Table);
        _il.Emit(OpCodes.Ldloc, _pendingSite);
        _il.Emit(OpCodes.Ldc_I4, dispatch.FirstSite + 1);
        _il.Emit(OpCodes.Sub);
        EmitSwitch(dispatch.Targets);
    }

    /// <summary>Pushes the site of the frame.</summary>
    private void EmitSite() => _il.Emit(OpCodes.Ldarg_S, (byte)4);

    private void EmitSwitch(IEnumerable<Label> targets)
    {
        _il.Emit(OpCodes.Switch, [.. targets]);

        // A frame names one of the sites; this is for the JIT only.
        _il.Emit(OpCodes.Ldnull);
        _il.Emit(OpCodes.Throw);
    }

    /// <param name="Site">The call site.</param>
    /// <param name="Enter">Cold: nothing is pending any more, on to <paramref name="After"/>.</param>
    /// <param name="After">Right after the call.</param>
    /// <param name="Outermost">The loop through whose head the site is reached first.</param>
    private readonly record struct Entry(SiteEmission Site, Label Enter, Label After, Dispatch? Outermost);
}
