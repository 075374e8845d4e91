namespace Fermata.Samples.Agents;

/// <summary>What models wrote: most is of use, and some is not.</summary>
internal static class Scripts
{
    /// <summary>Asks 21 times, as if the tools were functions of Python, and computes little.</summary>
    public const string Useful =
        """
        best = None
        for item in find_items('lamp'):
            price, stock = get_price(item), get_stock(item)
            if stock and (best is None or price < best[1]):
                best = item, price
        best
        """;

    /// <summary>Those that a limit ends, and the one that ends itself.</summary>
    public static readonly string[] Rogues =
    [
        "while True: pass",
        "while True:\n    try:\n        while True: get_price('lamp-1')\n    except BaseException: pass",
        "items = []\nwhile True: items.append('x' * 10 ** 6 + str(len(items)))",
        "while True: print(find_items('lamp'))",
        "import time\ntime.sleep(10 ** 6)",
        "import os\nos._exit(1)",
    ];
}
