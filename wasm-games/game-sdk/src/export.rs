//! `export_game!`: the whole of a game's glue.

/// Makes the crate a component of the world `studio-game`: exports the game, gives it an arena of `arena` bytes as
/// its only heap, and turns a panic into a trap. Expands to nothing but for a guest's target.
///
/// ```text
/// game_sdk::export_game!(Roulette, arena = 32 * 1024);
/// ```
#[macro_export]
macro_rules! export_game {
    ($game:ty, arena = $bytes:expr) => {
        #[cfg(target_arch = "wasm32")]
        const _: () = {
            #[global_allocator]
            static ARENA: $crate::Arena<{ $bytes }> = $crate::Arena::new();

            #[panic_handler]
            fn trap(_info: &::core::panic::PanicInfo<'_>) -> ! {
                ::core::arch::wasm32::unreachable()
            }

            type Exported = $crate::component::Exported<$game>;
    $crate::component::bindings::export!(Exported with_types_in $crate::component::bindings);
        };
    };
}
