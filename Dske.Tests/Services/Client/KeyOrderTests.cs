using Dske.Client.Endpoints;
using Dske.Client.Hosting;
using Dske.Protocol.Identifiers;
using Dske.Protocol.KeyDelivery;

namespace Dske.Tests.Services.Client;

/// <summary>Which requests for keys are good, to the last bit.</summary>
[Trait("Tier", "Services")]
public sealed class KeyOrderTests
{
    private static readonly SaePair Pair = new(SaeId.Parse("sam"), SaeId.Parse("sofia"));

    [Theory]
    [InlineData(1, 128, true)]
    [InlineData(1, 120, false)]
    [InlineData(1, 16_777_216, true)]
    [InlineData(1, 16_777_224, false)]
    [InlineData(8, 16_777_216, true)]
    [InlineData(9, 16_777_216, false)]
    [InlineData(128, 1_048_576, true)]
    [InlineData(128, 1_048_584, false)]
    [InlineData(129, 256, false)]
    [InlineData(int.MaxValue, 256, false)]
    [InlineData(1, int.MaxValue - 7, false)]
    [InlineData(int.MinValue, int.MinValue, false)]
    public void A_number_and_a_size_are_good_up_to_16_MiB(int number, int size, bool isGood)
    {
        Assert.Equal(isGood, TryCreate(new KeyRequest { Number = number, Size = size }, new KeyOptions(), 15, out var order));
        Assert.Equal(isGood ? (number, size / 8) : default, (order?.Number ?? 0, order?.Size ?? 0));
    }

    [Fact]
    public void Settings_move_the_limits()
    {
        var keys = new KeyOptions { MinSize = 32, DefaultSize = 64, MaxSize = 512, MaxPerRequest = 2 };

        Assert.True(TryCreate(new KeyRequest(), keys, 0, out var order));
        Assert.Equal((1, 8), (order!.Number, order.Size));
        Assert.True(TryCreate(new KeyRequest { Number = 2, Size = 32 }, keys, 0, out _));
        Assert.False(TryCreate(new KeyRequest { Number = 3 }, keys, 0, out _));
        Assert.False(TryCreate(new KeyRequest { Size = 24 }, keys, 0, out _));
        Assert.False(TryCreate(new KeyRequest { Size = 520 }, keys, 0, out _));
    }

    [Theory]
    [InlineData(2, true, "serena", "sunny")]
    [InlineData(1, false, "serena", "sunny")]
    [InlineData(0, false, "serena")]
    [InlineData(2, false)]
    [InlineData(2, false, "serena", "serena")]
    [InlineData(2, true, "serena", "Serena")]
    [InlineData(2, false, "sofia")]
    [InlineData(2, false, "sam")]
    [InlineData(2, false, " ")]
    [InlineData(2, false, "a\nb")]
    public void Additional_slaves_are_named_once_each(int most, bool isGood, params string[] slaves)
    {
        Assert.Equal(isGood, TryCreate(new KeyRequest { AdditionalSlaveSaeIds = slaves }, new KeyOptions(), most, out var order));
        Assert.Equal(isGood ? ["sofia", .. slaves] : [], order?.Slaves.Select(slave => slave.Value) ?? []);
    }

    [Fact]
    public void The_caller_may_be_a_slave_where_it_may_make_keys_with_itself()
        => Assert.True(TryCreate(new KeyRequest { AdditionalSlaveSaeIds = ["sam"] }, new KeyOptions { AllowSelf = true }, 15, out _));

    private static bool TryCreate(KeyRequest wanted, KeyOptions keys, int maxAdditionalSlaves, out KeyOrder? order)
    {
        var isGood = KeyOrder.TryCreate(wanted, Pair, keys, maxAdditionalSlaves, out order, out var problem);
        Assert.Equal(isGood, problem is null);
        return isGood;
    }
}
