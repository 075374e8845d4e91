namespace Fermata.Binary;

internal ref partial struct ModuleDecoder
{
    /// <summary>Section 5.5.13 "Code Section": the bodies, up to their instructions.</summary>
    private void ReadCodeSection()
    {
        var count = _bytes.ReadCount(1);
        for (var i = 0; i < count; i++)
        {
            _budget.Spend();
            var size = _bytes.ReadLength();
            var start = _bytes.Position;
            var locals = ReadLocals();
            var code = new ByteRange(_bytes.Position, start + size - _bytes.Position);
            var type = i < _declaredFunctions.Count ? _declaredFunctions[i] : 0;
            _bodies.Add(new FunctionDefinition(type, new FunctionBody(locals, code), start));
            if (code.Length < 0)
                throw new MalformedModuleException("section size mismatch", start);
            _bytes.ReadBytes(code.Length);
        }
    }

    private LocalGroup[] ReadLocals()
    {
        var start = _bytes.Position;
        var groups = new LocalGroup[_bytes.ReadCount(2)];
        var total = 0UL;
        for (var i = 0; i < groups.Length; i++)
        {
            _budget.Spend();
            var count = _bytes.ReadU32();
            groups[i] = new LocalGroup(count, TypeReader.ReadValType(ref _bytes));
            total += count;
        }

        if (total > uint.MaxValue)
            throw new MalformedModuleException("too many locals", start);
        return groups;
    }

    /// <summary>Section 5.4.10 "Expressions": a constant expression, or what is to become one in validation.</summary>
    private ByteRange ReadExpression()
    {
        var expression = _expressions.Read(_span, _bytes.Position);
        _bytes.ReadBytes(expression.Length);
        return expression;
    }
}
