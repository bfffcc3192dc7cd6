using Dske.Storage.Records;

namespace Dske.Tests.Unit.Storage;

[Trait("Tier", "Unit")]
public sealed class RecordSlotsTests
{
    [Fact]
    public void A_long_run_is_split_where_short_ones_are_missing()
    {
        var slots = new RecordSlots();
        Assert.Equal(0, slots.Take(8));
        slots.Release(0);

        Assert.Equal([0, 4, 2, 1, 8], [slots.Take(1), slots.Take(4), slots.Take(2), slots.Take(1), slots.Take(1)]);
    }

    [Fact]
    public void What_is_free_when_a_file_is_opened_serves_long_records_again()
    {
        var slots = new RecordSlots();
        slots.Occupy(16, 1);
        slots.Free(33);

        Assert.Equal([0, 17, 33], [slots.Take(16), slots.Take(16), slots.Take(16)]);
    }

    [Fact]
    public void A_run_that_was_given_back_twice_is_free_once()
    {
        var slots = new RecordSlots();
        var slot = slots.Take(1);
        slots.Release(slot);
        slots.Release(slot);

        Assert.NotEqual(slots.Take(1), slots.Take(1));
    }
}
