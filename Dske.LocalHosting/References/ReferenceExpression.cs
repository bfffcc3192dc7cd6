using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace Dske.LocalHosting;

/// <summary>Text with holes for values that are known once the application starts, written as an interpolated string.</summary>
public class ReferenceExpression : IValueProvider, IManifestExpressionProvider
{
    private readonly IManifestExpressionProvider[] _placeholders;

    private ReferenceExpression(string format, IReadOnlyList<IValueProvider> valueProviders)
    {
        Format = format;
        ValueProviders = valueProviders;
        _placeholders = [.. valueProviders.Cast<IManifestExpressionProvider>()];
    }

    /// <summary>The text, with <c>{0}</c>, <c>{1}</c> … for the holes.</summary>
    public string Format { get; }

    /// <summary>The values of the holes.</summary>
    public IReadOnlyList<IValueProvider> ValueProviders { get; }

    /// <inheritdoc />
    public string ValueExpression =>
        string.Format(CultureInfo.InvariantCulture, Format, [.. _placeholders.Select(placeholder => placeholder.ValueExpression)]);

    /// <summary>Makes an expression of an interpolated string.</summary>
    /// <param name="handler">The string; its holes are strings or references.</param>
    /// <returns>The expression.</returns>
    public static ReferenceExpression Create(in ExpressionInterpolatedStringHandler handler) => handler.GetExpression();

    /// <inheritdoc />
    public async ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default)
    {
        var values = new object?[ValueProviders.Count];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = await ValueProviders[i].GetValueAsync(cancellationToken);
        }

        return string.Format(CultureInfo.InvariantCulture, Format, values);
    }

    /// <summary>Collects an interpolated string. Holes are strings or references; a number has no overload on purpose.</summary>
    /// <param name="literalLength">Characters outside the holes.</param>
    /// <param name="formattedCount">The number of holes.</param>
    [InterpolatedStringHandler]
    public readonly ref struct ExpressionInterpolatedStringHandler(int literalLength, int formattedCount)
    {
        private readonly StringBuilder _format = new(literalLength * 2);
        private readonly List<IValueProvider> _valueProviders = new(formattedCount);

        /// <summary>Appends text.</summary>
        /// <param name="value">The text.</param>
        public void AppendLiteral(string value) => AppendFormatted(value);

        /// <summary>Appends a string.</summary>
        /// <param name="value">The string; null for nothing.</param>
        public void AppendFormatted(string? value) =>
            _format.Append(value?.Replace("{", "{{", StringComparison.Ordinal).Replace("}", "}}", StringComparison.Ordinal));

        /// <summary>Appends a value that is not known yet.</summary>
        /// <typeparam name="T">The type of the reference.</typeparam>
        /// <param name="valueProvider">The reference.</param>
        public void AppendFormatted<T>(T valueProvider)
            where T : IValueProvider, IManifestExpressionProvider
        {
            _format.Append(CultureInfo.InvariantCulture, $"{{{_valueProviders.Count}}}");
            _valueProviders.Add(valueProvider);
        }

        internal ReferenceExpression GetExpression() => new(_format.ToString(), _valueProviders);
    }
}
