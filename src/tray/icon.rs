//! The icon: a padlock, drawn here so that it needs no theme. Its state is told by its
//! shape, and by its colour: closed and grey, open and green, an outline where there is
//! nothing to unlock, and with a badge where something waits for a decision.

use crate::platform::panel::Picture;

/// Sides in pixels; whoever shows it takes the one that fits.
const SIDES: [u32; 5] = [16, 22, 24, 32, 48];

/// Points looked at in each direction of a pixel.
const POINTS: u32 = 4;

/// What the padlock looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Face {
    /// There is nothing to unlock.
    Outline,
    /// Locked.
    Closed,
    /// Unlocked.
    Open,
}

/// Red, green, blue: seen on light and dark panels.
type Colour = [u8; 3];

const GREY: Colour = [0x8e, 0x95, 0x9e];
const GREEN: Colour = [0x2e, 0xa0, 0x43];
const AMBER: Colour = [0xe8, 0x9a, 0x16];

/// The icon; with a badge or without.
pub(super) fn draw(face: Face, has_badge: bool) -> Vec<Picture> {
    let sides = SIDES.into_iter();
    sides.map(|side| picture(face, has_badge, side)).collect()
}

fn picture(face: Face, has_badge: bool, side: u32) -> Picture {
    let mut rgba = Vec::new();
    for y in 0..side {
        for x in 0..side {
            rgba.extend(pixel(face, has_badge, side, [x, y]));
        }
    }
    Picture { side, rgba }
}

/// The mean of its points.
fn pixel(face: Face, has_badge: bool, side: u32, [x, y]: [u32; 2]) -> [u8; 4] {
    let mut sums = [0_u32; 3];
    let mut hits = 0;
    for point in 0..POINTS * POINTS {
        let within = |pixel: u32, point: u32| {
            (f64::from(pixel) + (f64::from(point) + 0.5) / f64::from(POINTS)) / f64::from(side)
        };
        let (x, y) = (within(x, point % POINTS), within(y, point / POINTS));
        if let Some(colour) = colour(face, has_badge, x, y) {
            hits += 1;
            for (sum, part) in sums.iter_mut().zip(colour) {
                *sum += u32::from(part);
            }
        }
    }
    let mean = |sum: u32| u8::try_from(sum / hits.max(1)).unwrap_or(u8::MAX);
    let [red, green, blue] = sums.map(mean);
    [red, green, blue, mean_of_all(hits)]
}

/// How opaque a pixel is of which so many points are.
fn mean_of_all(hits: u32) -> u8 {
    u8::try_from(hits * u32::from(u8::MAX) / (POINTS * POINTS)).unwrap_or(u8::MAX)
}

/// What is at a point of a square whose sides are 1; (0, 0) is at its top left.
fn colour(face: Face, has_badge: bool, x: f64, y: f64) -> Option<Colour> {
    if has_badge {
        let from_badge = (x - 0.76).hypot(y - 0.76);
        if from_badge < 0.24 {
            let is_mark =
                (x - 0.76).abs() < 0.045 && ((0.6..0.79).contains(&y) || (0.84..0.92).contains(&y));
            return (!is_mark).then_some(AMBER);
        }
        // A gap, so that it stands out; the bow stays whole.
        if from_badge < 0.29 {
            return None;
        }
    }
    let is_drawn = match face {
        Face::Outline => {
            is_in_shackle(x, y, 0.38, 0.46) || is_in_body(x, y, 0.0) && !is_in_body(x, y, 0.09)
        }
        Face::Closed => is_in_shackle(x, y, 0.38, 0.46) || is_in_full_body(x, y),
        // Its right leg is out of the lock.
        Face::Open => is_in_shackle(x, y, 0.27, 0.34) || is_in_full_body(x, y),
    };
    is_drawn.then_some(match face {
        Face::Open => GREEN,
        Face::Outline | Face::Closed => GREY,
    })
}

/// The lower part, smaller by `inset` on each side.
fn is_in_body(x: f64, y: f64, inset: f64) -> bool {
    const ROUND: f64 = 0.09;
    let (left, right) = (0.14 + inset, 0.86 - inset);
    let (top, bottom) = (0.44 + inset, 0.96 - inset);
    // How far it is from the rectangle within, whose corners are the middles of the
    // rounded ones.
    let beyond = |at: f64, low: f64, high: f64| (low - at).max(at - high).max(0.0);
    let across = beyond(x, left + ROUND, right - ROUND);
    let down = beyond(y, top + ROUND, bottom - ROUND);
    across.hypot(down) <= ROUND
}

fn is_in_full_body(x: f64, y: f64) -> bool {
    let is_keyhole =
        (x - 0.5).hypot(y - 0.64) < 0.09 || (x - 0.5).abs() < 0.045 && (0.64..0.82).contains(&y);
    is_in_body(x, y, 0.0) && !is_keyhole
}

/// The bow: half a ring around (0.5, `middle`), whose left leg goes down into the body and
/// whose right one ends at `end`.
fn is_in_shackle(x: f64, y: f64, middle: f64, end: f64) -> bool {
    const OUTER: f64 = 0.26;
    const INNER: f64 = 0.15;
    let is_bow = y <= middle && (INNER..OUTER).contains(&(x - 0.5).hypot(y - middle));
    let low = if x < 0.5 { 0.46 } else { end };
    let is_leg = (middle..low).contains(&y) && (INNER..OUTER).contains(&(x - 0.5).abs());
    is_bow || is_leg
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Where something is drawn.
    fn shape(face: Face, has_badge: bool, side: u32) -> Vec<bool> {
        let picture = picture(face, has_badge, side);
        assert_eq!(picture.rgba.len(), (side * side * 4) as usize);
        let pixels = picture.rgba.chunks_exact(4);
        pixels.map(|pixel| pixel[3] > 127).collect()
    }

    #[test]
    fn every_state_has_a_shape_of_its_own_at_every_size() {
        let faces = [Face::Outline, Face::Closed, Face::Open];
        for side in SIDES {
            let shapes: Vec<_> = [false, true]
                .iter()
                .flat_map(|badge| faces.map(|face| shape(face, *badge, side)))
                .collect();
            for (n, one) in shapes.iter().enumerate() {
                for other in &shapes[..n] {
                    let differing = one.iter().zip(other).filter(|(a, b)| a != b).count();
                    // As much as makes it plain to see.
                    assert!(differing * 50 > one.len(), "{side}: {differing}");
                }
            }
        }
    }
}
