using System.Buffers.Binary;
using System.Globalization;
using Fermata.Durable;

namespace Fermata.Samples.DurableOrders;

/// <summary>The functions that <c>order.c</c> imports, and <c>order.py</c> finds as files. Only what others do takes time: what the program waits for is recorded, and meanwhile it is in the database.</summary>
/// <param name="books">The books of the shop.</param>
/// <param name="hour">How long an hour takes.</param>
internal sealed class Shop(Books books, TimeSpan hour)
{
    /// <summary>The event that tells how much a customer has paid.</summary>
    public const string Payment = "payment";

    // struct line of order.c
    private const int NameSize = 16, LineSize = NameSize + (2 * sizeof(int));

    /// <summary>The hours until the shelves are full again, after which order.c asks for the second time.</summary>
    public const int HoursBetweenLorries = 8;

    /// <summary>The key of the call that runs an order, and of its store.</summary>
    public static string KeyOf(int order) => string.Create(CultureInfo.InvariantCulture, $"order {order}");

    /// <summary>The number of an order, of its key.</summary>
    public static int NumberOf(string key) => int.Parse(key["order ".Length..], CultureInfo.InvariantCulture);

    /// <summary>An amount as people read it.</summary>
    public static string Amount(int cents) => (cents / 100m).ToString("N2", CultureInfo.InvariantCulture);

    /// <summary>Defines the functions.</summary>
    public void DefineIn(DurableHost host) => host
        .Define<int, Line[]>("shop", "read_order", (int order, int _, int _) => order, ReadAsync, (Caller caller, Line[] lines, int _, int address, int most) => Write(caller, lines, address, most))
        .DefineEvent<int>("shop", "payment", (int _, int _) => Payment, (int paid, int _, int _) => paid)
        .Define<Wish, bool>("shop", "reserve", (Caller caller, int item, int pieces) => new Wish(caller.Memory.ReadUtf8(item), pieces), ReserveAsync, (bool isThere, int _, int _) => isThere ? 1 : 0)
        .Define("shop", "refund", RefundAsync)
        .Define("shop", "courier", CallCourierAsync)
        .DefineDelay("shop", "sleep_hours", (int hours) => hours * hour)
        .DefineDelay<int>("sleep_hours", hours => hours * hour)
        .Define<int, Line[]>("read_order", ReadAsync)
        .Define<Wish, bool>("reserve", ReserveAsync)
        .Define("refund", async (DurableCall call, Refund refund) =>
        {
            await RefundAsync(call, refund.Order, refund.Cents);
            return refund.Cents;
        })
        .Define("courier", (DurableCall call, Transport transport) => CallCourierAsync(call, transport.Order, transport.Parcels));

    private async Task<Line[]> ReadAsync(DurableCall call, int order) => (await books.LinesAsync(order, order))[order];

    private static int Write(Caller caller, Line[] lines, int address, int most)
    {
        var count = Math.Min(lines.Length, most);
        for (var i = 0; i < count; i++)
        {
            var place = caller.Memory.GetSpan(address + (i * LineSize), LineSize);
            place.Clear();
            System.Text.Encoding.ASCII.GetBytes(lines[i].Item, place[..(NameSize - 1)]);
            BinaryPrimitives.WriteInt32LittleEndian(place[NameSize..], lines[i].Pieces);
            BinaryPrimitives.WriteInt32LittleEndian(place[(NameSize + sizeof(int))..], lines[i].Cents);
        }

        return count;
    }

    private async Task<bool> ReserveAsync(DurableCall call, Wish wish)
    {
        var isThere = await books.ReserveAsync(call.Key, NumberOf(call.Store), wish.Item, wish.Pieces);

        // The answer is on its way for an hour: who is killed meanwhile asks for it again.
        await Task.Delay(hour, call.CancellationToken);
        return isThere;
    }

    private async Task RefundAsync(DurableCall call, int order, int cents) => await books.NoteAsync(call.Key, order, $"{Amount(cents)} given back", 0);

    private async Task<int> CallCourierAsync(DurableCall call, int order, int parcels)
    {
        var hours = await books.NoteAsync(call.Key, order, parcels == 1 ? "courier, one parcel" : $"courier, {parcels} parcels", 3 + (2 * parcels));
        await Task.Delay(hour, call.CancellationToken);
        return hours;
    }

    /// <summary>What <c>reserve</c> asks the warehouse for.</summary>
    internal sealed record Wish(string Item, int Pieces);

    /// <summary>What <c>refund</c> of <c>order.py</c> gives back.</summary>
    internal sealed record Refund(int Order, int Cents);

    /// <summary>What <c>courier</c> of <c>order.py</c> is called for.</summary>
    internal sealed record Transport(int Order, int Parcels);
}
