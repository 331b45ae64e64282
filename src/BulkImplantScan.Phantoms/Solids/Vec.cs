namespace BulkImplantScan.Phantoms.Solids;

/// <summary>A point or direction in mm: x lateral, y towards the foot, z towards the detector; origin the head's centre.</summary>
internal readonly record struct Vec(double X, double Y, double Z = 0)
{
    public double Length => Math.Sqrt(Dot(this));

    public Vec Unit => this * (1 / Length);

    public double Dot(Vec other) => X * other.X + Y * other.Y + Z * other.Z;

    public Vec Cross(Vec other) =>
        new(Y * other.Z - Z * other.Y, Z * other.X - X * other.Z, X * other.Y - Y * other.X);

    /// <summary>Turned about <paramref name="axis"/> (unit length) by an angle (Rodrigues).</summary>
    public Vec Turn(Vec axis, double radians)
    {
        var (sin, cos) = Math.SinCos(radians);
        return this * cos + axis.Cross(this) * sin + axis * (axis.Dot(this) * (1 - cos));
    }

    public static Vec operator +(Vec a, Vec b) => new(a.X + b.X, a.Y + b.Y, a.Z + b.Z);

    public static Vec operator -(Vec a, Vec b) => new(a.X - b.X, a.Y - b.Y, a.Z - b.Z);

    public static Vec operator *(Vec a, double factor) => new(a.X * factor, a.Y * factor, a.Z * factor);
}
