//! A guest's whole heap: a static block, allocated from front to back, reset when nothing is alive.
//!
//! Promises: no system call, no memory growth, a few instructions an allocation; a deal's allocations end with the
//! deal. Costs: a freed block is reused only when it was the last one, or when all are freed. May go wrong: when the
//! block is full, allocation fails and the guest traps; the host voids the deal. For guests only, which have one
//! thread: natively the type isn't `Sync` and can't be a global allocator.
#![expect(unsafe_code, reason = "an allocator hands out raw memory; GlobalAlloc is an unsafe trait")]

use core::alloc::{GlobalAlloc, Layout};
use core::cell::{Cell, UnsafeCell};
use core::ptr::null_mut;

#[repr(align(16))]
struct Block<const BYTES: usize>(UnsafeCell<[u8; BYTES]>);

/// A bump allocator over `BYTES` bytes.
pub struct Arena<const BYTES: usize> {
    block: Block<BYTES>,
    used: Cell<usize>,
    live: Cell<usize>,
}

impl<const BYTES: usize> Arena<BYTES> {
    /// An empty arena. All zeros, so it takes no room in a guest's bytes.
    #[must_use]
    #[expect(clippy::new_without_default, reason = "an arena is a static, and Default isn't const")]
    pub const fn new() -> Self {
        Self { block: Block(UnsafeCell::new([0; BYTES])), used: Cell::new(0), live: Cell::new(0) }
    }

    fn base(&self) -> *mut u8 {
        self.block.0.get().cast()
    }

    /// True when `size` bytes at `pointer` are the last ones handed out.
    fn is_last(&self, pointer: *mut u8, size: usize) -> bool {
        pointer.addr().checked_sub(self.base().addr()) == self.used.get().checked_sub(size)
    }

    /// Offset of the next block of `layout`, or `None` when it doesn't fit.
    fn place(&self, layout: Layout) -> Option<usize> {
        let base = self.base().addr();
        let free = base.checked_add(self.used.get())?;
        // A layout's alignment is a power of two.
        let mask = layout.align().wrapping_sub(1);
        let start = (free.checked_add(mask)? & !mask).checked_sub(base)?;
        let end = start.checked_add(layout.size())?;
        if end > BYTES {
            return None;
        }
        self.used.set(end);
        Some(start)
    }
}

// SAFETY: a guest of the world `studio-game` has one thread: the target has no threads without the atomics feature.
#[cfg(target_arch = "wasm32")]
unsafe impl<const BYTES: usize> Sync for Arena<BYTES> {}

// SAFETY: blocks are aligned and disjoint: each starts at or after the end of the one before, `used` goes back only
// over the last live block or when no block is alive, and none ends beyond the arena.
unsafe impl<const BYTES: usize> GlobalAlloc for Arena<BYTES> {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let Some(start) = self.place(layout) else {
            return null_mut();
        };
        self.live.set(self.live.get().saturating_add(1));
        // SAFETY: `place` returns an offset within the block.
        unsafe { self.base().add(start) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        self.live.set(self.live.get().saturating_sub(1));
        if self.live.get() == 0 {
            self.used.set(0);
        } else if self.is_last(pointer, layout.size()) {
            self.used.set(self.used.get().saturating_sub(layout.size()));
        }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, new_size: usize) -> *mut u8 {
        if self.is_last(pointer, layout.size()) {
            let start = self.used.get().saturating_sub(layout.size());
            return match start.checked_add(new_size) {
                Some(end) if end <= BYTES => {
                    self.used.set(end);
                    pointer
                }
                _ => null_mut(),
            };
        }
        if new_size <= layout.size() {
            return pointer;
        }
        // SAFETY: the caller promises that `new_size` with this alignment is a valid layout.
        let grown = unsafe { Layout::from_size_align_unchecked(new_size, layout.align()) };
        // SAFETY: `grown` isn't empty, since `new_size` exceeds the old size.
        let moved = unsafe { self.alloc(grown) };
        if !moved.is_null() {
            // SAFETY: both blocks hold the old size, and a new block doesn't overlap a live one.
            unsafe { core::ptr::copy_nonoverlapping(pointer, moved, layout.size()) };
            // SAFETY: the caller owns the old block.
            unsafe { self.dealloc(pointer, layout) };
        }
        moved
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn layout(size: usize, align: usize) -> Layout {
        Layout::from_size_align(size, align).unwrap()
    }

    /// Safe faces of the three calls, for tests that keep their own books of what is alive.
    fn alloc<const N: usize>(arena: &Arena<N>, size: usize, align: usize) -> *mut u8 {
        // SAFETY: the tests ask for blocks that aren't empty.
        unsafe { arena.alloc(layout(size, align)) }
    }

    fn free<const N: usize>(arena: &Arena<N>, pointer: *mut u8, size: usize) {
        // SAFETY: the tests free each block once, with the size it was given.
        unsafe { arena.dealloc(pointer, layout(size, 1)) }
    }

    fn resize<const N: usize>(arena: &Arena<N>, pointer: *mut u8, old: usize, new: usize) -> *mut u8 {
        // SAFETY: the tests resize live blocks, with the size they were given.
        unsafe { arena.realloc(pointer, layout(old, 1), new) }
    }

    #[test]
    fn blocks_are_aligned_and_disjoint() {
        let arena = Arena::<256>::new();
        let mut end = 0;
        for (size, align) in [(3, 1), (8, 8), (1, 1), (16, 16), (5, 4), (1, 64)] {
            let start = alloc(&arena, size, align).addr();
            assert_eq!(start % align, 0);
            assert!(start >= end);
            end = start + size;
        }
        assert!(end <= arena.base().addr() + 256);
    }

    #[test]
    fn a_full_arena_answers_null_and_keeps_what_is_alive() {
        let arena = Arena::<64>::new();
        let first = alloc(&arena, 40, 1);
        assert!(alloc(&arena, 25, 1).is_null());
        assert!(!alloc(&arena, 24, 1).is_null());
        assert!(resize(&arena, first, 40, 41).is_null());
        assert!(alloc(&arena, usize::MAX / 4, 1).is_null());
    }

    #[test]
    fn everything_is_free_again_when_nothing_is_alive() {
        let arena = Arena::<64>::new();
        for _round in 0..100 {
            let a = alloc(&arena, 30, 1);
            let b = alloc(&arena, 30, 1);
            assert!(!a.is_null() && !b.is_null());
            free(&arena, a, 30);
            assert!(alloc(&arena, 30, 1).is_null(), "b is alive behind a");
            free(&arena, b, 30);
        }
    }

    #[test]
    fn the_last_block_grows_shrinks_and_returns_in_place() {
        let arena = Arena::<64>::new();
        let a = alloc(&arena, 8, 1);
        let b = alloc(&arena, 8, 1);
        assert_eq!(resize(&arena, b, 8, 56), b);
        assert_eq!(resize(&arena, b, 56, 4), b);
        free(&arena, b, 4);
        assert_eq!(arena.used.get(), 8);
        free(&arena, a, 8);
        assert_eq!(arena.used.get(), 0);
    }

    #[test]
    fn a_block_that_moves_keeps_its_bytes() {
        let arena = Arena::<64>::new();
        let a = alloc(&arena, 4, 1);
        // SAFETY: `a` holds four bytes.
        unsafe { a.copy_from([1, 2, 3, 4].as_ptr(), 4) };
        let _behind = alloc(&arena, 4, 1);
        let moved = resize(&arena, a, 4, 8);
        assert_ne!(moved, a);
        // SAFETY: `moved` holds eight bytes, the first four of them copied.
        let bytes = unsafe { core::slice::from_raw_parts(moved, 4) };
        assert_eq!(bytes, [1, 2, 3, 4]);
    }
}
